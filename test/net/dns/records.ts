const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const text = (value: string) => Buffer.from([value.length, ...Buffer.from(value, 'latin1')])
const name = (value: string) => Buffer.concat([...value.split('.').filter(Boolean).map(text), Buffer.from([0])])
const u16 = (...values: number[]) => Buffer.from(values.flatMap(value => [value >> 8, value & 0xff]))
const u32 = (...values: number[]) => Buffer.from(new Uint32Array(values.toReversed()).buffer).reverse()
const join = (...parts: Buffer[]) => Buffer.concat(parts)
const octets = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 37 + 11) & 0xff))

/** Data of every type that has a presentation of its own, and of some without: [type number, octets, presentation]. */
export const records: [type: number, data: Buffer, presentation: string][] = [
  [1, hex('c0000201'), '192.0.2.1'],
  [28, hex('20010db8 00000000 00000000 00000001'), '2001:db8::1'],
  [28, hex('20010db8 00000001 00000000 00010001'), '2001:db8:0:1::1:1'],
  [28, hex('00000000 00000000 0000ffff c0000201'), '::ffff:192.0.2.1'],
  [28, hex('00000000 00000000 00000000 00000000'), '::'],
  [28, hex('20010db8 00010002 00030004 00000006'), '2001:db8:1:2:3:4:0:6'],
  [2, name('ns1.example.com'), 'ns1.example.com.'],
  [5, name('a.example.com'), 'a.example.com.'],
  [
    5,
    join(text('we.ird (1)'), text('"q"\\;@$\t'), text('é\x1b[31m'), name('')),
    'we\\.ird\\032\\(1\\).\\"q\\"\\\\\\;\\@\\$\\009.\\233\\027[31m.',
  ],
  [39, name('other.example'), 'other.example.'],
  [12, name('host.example.com'), 'host.example.com.'],
  [12, name(''), '.'],
  [15, join(u16(10), name('mail.example.com')), '10 mail.example.com.'],
  [18, join(u16(1), name('afs.example.com')), '1 afs.example.com.'],
  [36, join(u16(2), name('kx.example.com')), '2 kx.example.com.'],
  [17, join(name('me.example.com'), name('')), 'me.example.com. .'],
  [
    6,
    join(name('ns.example.com'), text('host.master'), name('example.com'), u32(2026112201, 7200, 3600, 1209600, 300)),
    'ns.example.com. host\\.master.example.com. 2026112201 7200 3600 1209600 300',
  ],
  [16, join(text('he"llo'), text('wor\\ld'), text('é\x1b'), text('')), '"he\\"llo" "wor\\\\ld" "\\233\\027" ""'],
  [13, join(text('PDP-11'), text('UNIX V7')), '"PDP-11" "UNIX V7"'],
  [33, join(u16(0, 5, 5060), name('sip.example.com')), '0 5 5060 sip.example.com.'],
  [
    35,
    join(u16(100, 10), text('S'), text('SIP+D2U'), text('!^.*$!sip:x@y!'), name('_sip._udp.example.com')),
    '100 10 "S" "SIP+D2U" "!^.*$!sip:x@y!" _sip._udp.example.com.',
  ],
  [257, join(hex('00'), text('issue'), Buffer.from('ca.example; x="1"')), '0 issue "ca.example; x=\\"1\\""'],
  [256, join(u16(10, 1), Buffer.from('https://example.com/')), '10 1 "https://example.com/"'],
  [
    43,
    join(u16(12345), hex('0d02'), octets(32)),
    '12345 13 2 0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2 173C6186',
  ],
  [59, join(u16(1), hex('0801'), octets(20)), '1 8 1 0B30557A9FC4E90E33587DA2C7EC11365B80A5CA'],
  [
    48,
    join(u16(257), hex('030d'), octets(64)),
    '257 3 13 CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4 HUJnjLHW+yBFao+02f4jSG2St9wBJg==',
  ],
  [
    46,
    join(u16(1), hex('0d03'), u32(300, 1800000000, 1790000000), u16(4242), name('example.com'), octets(16)),
    'A 13 3 300 20270115080000 20260921141320 4242 example.com. CzBVep/E6Q4zWH2ix+wRNg==',
  ],
  [47, join(name('b.example.com'), hex('0006400000000003 01 01 40')), 'b.example.com. A RRSIG NSEC CAA'],
  [
    50,
    join(hex('01000005'), text('\xaa\xbb'), text('abcdefghij0123456789'), hex('000160')),
    '1 0 5 AABB C5H66P35CPJMGQBA60OJ4CPK6KR3EE1P A NS',
  ],
  [51, hex('01 00 0000 00'), '1 0 0 -'],
  [44, join(hex('0402'), octets(32)), '4 2 0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2 173C6186'],
  [44, join(hex('0403'), octets(3)), '4 3 0B3055'],
  [52, join(hex('030101'), octets(32)), '3 1 1 0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2 173C6186'],
  [61, octets(5), 'CzBVep8='],
  [
    65,
    join(
      u16(1),
      name(''),
      u16(1, 6),
      text('h2'),
      text('h3'),
      u16(3, 2, 8443),
      u16(4, 8),
      hex('c0000201c0000202'),
      u16(6, 16),
      hex('20010db8000000000000000000000001'),
    ),
    '1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1',
  ],
  [65, join(u16(0), name('pool.example.com')), '0 pool.example.com.'],
  [
    64,
    join(u16(16), name('foo.example.com'), u16(0, 4, 1, 4), u16(1, 3), text('h2'), u16(4, 4), hex('c0000201')),
    '16 foo.example.com. mandatory=alpn,ipv4hint alpn="h2" ipv4hint=192.0.2.1',
  ],
  [64, join(u16(1), name('foo.example.com'), u16(667, 5), Buffer.from('hello')), '1 foo.example.com. key667="hello"'],
  [1234, hex('c0000201'), '\\# 4 C0000201'],
  [1234, Buffer.alloc(0), '\\# 0'],
  [65280, octets(30), '\\# 30 0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2 173C'],
]
