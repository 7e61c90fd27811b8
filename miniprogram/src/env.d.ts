/// <reference types="vite/client" />
// Types of what the build puts in from outside.
interface ImportMetaEnv {
  /** Absolute HTTPS address the mini-program calls, without a slash at the end. */
  readonly VITE_API_BASE: string
}
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
/** WeChat's own object, for the few calls uni does not pass on. */
declare const wx: any
