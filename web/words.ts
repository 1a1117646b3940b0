import { chinese } from './words/chinese.ts'
import { english, type Words } from './words/english.ts'

/** Chinese where the browser's first language is Chinese, else English. */
export const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
export const words: Words = language === 'zh-CN' ? chinese : english
