// Knows when a field is being typed in, so that a pinned bar can step aside for the keyboard.
import { onMounted, onUnmounted } from 'vue'

/** Tells whether the on-screen keyboard is (probably) up, while the calling component lives. */
export function onTyping(tell: (isTyping: boolean) => void): void {
  // #ifdef H5
  const onResize = () => {
    const view = window.visualViewport
    tell(view !== null && view.height < window.innerHeight * 0.75)
  }
  onMounted(() => window.visualViewport?.addEventListener('resize', onResize))
  onUnmounted(() => window.visualViewport?.removeEventListener('resize', onResize))
  return
  // #endif
  // #ifdef MP-WEIXIN
  const onHeight = (state: { height: number }) => tell(state.height > 0)
  onMounted(() => uni.onKeyboardHeightChange(onHeight))
  onUnmounted(() => uni.offKeyboardHeightChange(onHeight))
  // #endif
}
