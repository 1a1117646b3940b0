const english = {
  terminal: 'Terminal',
  connecting: 'Connecting…',
  lost: 'Connection lost, trying again…',
  retry: 'Try now',
  ended: (how: string) => `Shell ended: ${how}`,
  status: (status: number) => `status ${status}`,
  signal: (name: string) => `killed by ${name}`,
  gone: 'This session is no longer there',
  replaced: 'The earlier session is no longer there; this is a new one',
  broken: 'Page and server do not understand each other; reload the page',
  skipped: 'Some output was lost while away',
  newSession: 'New session (Enter)',
  failed: (why: string) => `Could not open a terminal: ${why}`,
  readOnly: 'Read only',
  screenReader: 'Screen reader mode',
  tokenHeading: 'This terminal wants its token',
  tokenHelp: 'Run this where ditty runs; it prints the address of this page with the token in it.',
  tokenField: 'Token, or the whole address',
  open: 'Open',
  wrongToken: 'That is not the token of this ditty. It changes when ditty starts again.',
  tooMany: 'Too many tries. Wait a little, then try again.',
  unreachable: 'ditty does not answer. Is it still running, and the port still forwarded?',
  tooMuchOutput: 'Too much output to announce, navigate to rows manually to read',
}

type Words = typeof english

const chinese: Words = {
  terminal: '终端',
  connecting: '正在连接…',
  lost: '连接已断开，正在重试…',
  retry: '立即重试',
  ended: how => `Shell 已结束：${how}`,
  status: status => `退出状态 ${status}`,
  signal: name => `被 ${name} 终止`,
  gone: '此会话已不存在',
  replaced: '原会话已不存在，这是新会话',
  broken: '页面与服务器无法互通，请重新加载页面',
  skipped: '断开期间的部分输出已丢失',
  newSession: '新会话（回车）',
  failed: why => `无法打开终端：${why}`,
  readOnly: '只读',
  screenReader: '屏幕阅读器模式',
  tokenHeading: '请提供此终端的令牌',
  tokenHelp: '在 ditty 运行的地方执行下面的命令，它会打印带有令牌的本页地址。',
  tokenField: '令牌，或完整地址',
  open: '打开',
  wrongToken: '令牌不正确。ditty 重新启动后令牌会改变。',
  tooMany: '尝试次数过多，请稍候再试。',
  unreachable: 'ditty 没有应答。它还在运行吗？端口转发还在吗？',
  tooMuchOutput: '输出过多，无法播报，请手动浏览各行',
}

/** Chinese where the browser's first language is Chinese, else English. */
export const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
export const words: Words = language === 'zh-CN' ? chinese : english
