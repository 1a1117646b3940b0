import { bundleLoader } from './bundle-loader.ts'

const { main } = bundleLoader(__dirname)('./main.js') as typeof import('./main.ts')
void main(process.argv.slice(2)).then(status => process.exit(status))
