/** What h shows. */
export const helpLines = `Keys of top
  q           quit; Ctrl-Z suspends, Ctrl-L draws anew
  space Enter look at once           d s  seconds between looks
  P M N T     sort by %CPU, %MEM, PID, TIME+
  < >         sort by the column to the left, right       R  reverse
  u U         only of a user (effective; any); empty: all again
  o O         filter: COMMAND=nginx, %CPU>5, !USER=root, RES>100m
  Ctrl-O      show filters            =  no filters, no limits
  L &         find; find the next     n #  at most so many processes
  k           send a signal
  c           names or command lines  V  tree
  H           threads                 i  idle ones too, or not
  f           columns: usual, or with open files, io and container
  1           each CPU                t m l  CPU, memory, load lines
  E e         units of the summary, of processes
  x y z       mark the sort column, running ones; colours
  C           coordinates
  Up Down PageUp PageDown Home End    move through the list
  Left Right  move along command lines
Any key goes back.`.split('\n')
