import type { Moment } from '../../linux/root/status.ts'
import { localTime, strftime } from './strftime.ts'

/** Half a year of 365.2425 days, as gnulib counts it, in seconds. */
const halfYearS = 31_556_952 / 2

/** Of the last half year with hour and minute, else with its year; what is in the future is old, too. */
export const isRecent = ({ seconds }: Moment, nowMs = Date.now()): boolean =>
  seconds * 1000 > nowMs - halfYearS * 1000 && seconds * 1000 <= nowMs

export const recentOrOld = (moment: Moment): string =>
  strftime(isRecent(moment) ? '%b %e %H:%M' : '%b %e  %Y', localTime(moment))
