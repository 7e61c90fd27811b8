// Putting something into the phone's own calendar: a file on the web, WeChat's own question in the mini-program.

export interface Appointment { title: string; place: string; starts_at: string; ends_at: string }

/** Adds it; the web opens the server's file, which the phone's calendar takes. False when it was declined. */
export async function addToCalendar(item: Appointment, filePath: string): Promise<boolean> {
  // #ifdef H5
  void item // the file says it all
  const link = document.createElement('a')
  link.href = filePath
  link.download = ''
  link.click()
  return true
  // #endif
  // #ifdef MP-WEIXIN
  void filePath
  return new Promise((resolve) => {
    wx.addPhoneCalendar({
      title: item.title,
      location: item.place,
      startTime: Math.floor(Date.parse(item.starts_at) / 1000),
      endTime: String(Math.floor(Date.parse(item.ends_at) / 1000)),
      success: () => resolve(true),
      fail: () => resolve(false),
    })
  })
  // #endif
}
