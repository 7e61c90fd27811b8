// Draws a picture on a canvas and saves it: a download on the web, the album in WeChat.
import type { Picture } from '@/lib/receiptpicture'

const SANS = '"PingFang SC","HarmonyOS Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif'
const MONO = '"DejaVu Sans Mono","Noto Sans Mono",Menlo,Consolas,monospace'

/** Saves the picture; false when the person declined or the phone could not. */
export async function savePicture(canvasId: string, picture: Picture, fileName: string): Promise<boolean> {
  // #ifdef H5
  void canvasId // the web draws on a canvas of its own, off the page
  return saveOnWeb(picture, fileName)
  // #endif
  // #ifdef MP-WEIXIN
  return saveInWechat(canvasId, picture)
  // #endif
}

// #ifdef H5
async function saveOnWeb(picture: Picture, fileName: string): Promise<boolean> {
  const canvas = document.createElement('canvas')
  canvas.width = picture.width
  canvas.height = picture.height
  const pen = canvas.getContext('2d')
  if (!pen) return false
  draw(pen, picture)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) return false
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return true
}
// #endif

// #ifdef MP-WEIXIN
function saveInWechat(canvasId: string, picture: Picture): Promise<boolean> {
  return new Promise((resolve) => {
    uni.createSelectorQuery().select(`#${canvasId}`).fields({ node: true } as UniApp.NodeField, () => undefined).exec((found) => {
      const canvas = found?.[0]?.node
      if (!canvas) return resolve(false)
      canvas.width = picture.width
      canvas.height = picture.height
      draw(canvas.getContext('2d'), picture)
      wx.canvasToTempFilePath({
        canvas,
        success: ({ tempFilePath }: { tempFilePath: string }) =>
          uni.saveImageToPhotosAlbum({ filePath: tempFilePath, success: () => resolve(true), fail: () => resolve(false) }),
        fail: () => resolve(false),
      })
    })
  })
}
// #endif

function draw(pen: CanvasRenderingContext2D, picture: Picture): void {
  pen.fillStyle = '#FFFFFF'
  pen.fillRect(0, 0, picture.width, picture.height)
  for (const stroke of picture.strokes) {
    if (stroke.kind === 'box') {
      pen.fillStyle = stroke.fill
      pen.fillRect(stroke.x, stroke.y, stroke.width, stroke.height)
    } else if (stroke.kind === 'tear') {
      drawTear(pen, stroke.y, stroke.width)
    } else {
      pen.fillStyle = stroke.color
      pen.textAlign = stroke.isCentred ? 'center' : 'left'
      pen.font = `${stroke.isBold ? 'bold ' : ''}${stroke.px}px ${stroke.isMono ? MONO : SANS}`
      pen.fillText(stroke.text, stroke.x, stroke.y)
    }
  }
}

function drawTear(pen: CanvasRenderingContext2D, y: number, width: number): void {
  pen.strokeStyle = '#CFCABD'
  pen.lineWidth = 3
  pen.setLineDash([12, 8])
  pen.beginPath()
  pen.moveTo(0, y)
  pen.lineTo(width, y)
  pen.stroke()
}
