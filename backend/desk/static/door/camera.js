// Reads codes from the camera or from a photo: with the browser's own detector, else with `qr`.
const EVERY_MS = 160;
const SAME_AGAIN_MS = 4000;
const VIDEO_SIDE = 900;
const PHOTO_SIDES = [1600, 800, 500];

export class Reader {
  #own = null;

  #decode = null;

  #canvas = document.createElement('canvas');

  constructor(decoderAddress) {
    this.decoderAddress = decoderAddress;
  }

  async open() {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
    if (formats?.includes('qr_code')) this.#own = new BarcodeDetector({ formats: ['qr_code'] });
    else await this.#openDecoder();
  }

  // Fetched while there is a network; when that fails it is tried again at the first picture.
  prepare() {
    return this.#openDecoder().then(() => true, () => false);
  }

  async #openDecoder() {
    this.#decode ??= (await import(this.decoderAddress)).decodeQR;
  }

  // The text of a code in a picture of this size, or null.
  async read(source, width, height, side = VIDEO_SIDE) {
    if (this.#own) {
      try {
        return (await this.#own.detect(source))[0]?.rawValue ?? null;
      } catch {
        this.#own = null; // some phones have the detector's name and nothing behind it
      }
    }
    await this.#openDecoder();
    const scale = Math.min(1, side / Math.max(width, height));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const drawing = this.#canvas.getContext('2d', { willReadFrequently: true });
    drawing.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    try {
      return this.#decode(drawing.getImageData(0, 0, this.#canvas.width, this.#canvas.height));
    } catch {
      return null; // the decoder throws when it finds no code
    }
  }

  async readPhoto(file) {
    await this.open();
    const picture = await createImageBitmap(file);
    for (const side of PHOTO_SIDES) {
      const text = await this.read(picture, picture.width, picture.height, side);
      if (text) return text;
    }
    return null;
  }
}

export class Camera {
  #stream = null;

  #last = { text: '', at: 0 };

  constructor(video, reader, onText) {
    Object.assign(this, { video, reader, onText });
  }

  get isOn() {
    return this.#stream !== null;
  }

  // Throws what the browser says when the camera is refused or missing.
  async start() {
    await this.reader.open();
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } },
    });
    this.video.srcObject = this.#stream;
    await this.video.play();
    this.#look();
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
  }

  async #look() {
    while (this.#stream) {
      const { videoWidth: width, videoHeight: height } = this.video;
      const text = width ? await this.reader.read(this.video, width, height) : null;
      if (text && this.#stream) this.#see(text);
      await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
    }
  }

  // A code that is held before the camera is one scan, however long.
  #see(text) {
    const isSame = text === this.#last.text && Date.now() - this.#last.at < SAME_AGAIN_MS;
    this.#last = { text, at: Date.now() };
    if (!isSame) this.onText(text);
  }
}
