// Showing where a place is: WeChat's own map in the mini-program, the link somebody gave on the web.

export interface Spot { name: string; address: string; latitude?: number | null; longitude?: number | null; map_url?: string | null }

/** Whether this place can be shown on a map here; otherwise its address is copied. */
export function hasMap(spot: Spot): boolean {
  // #ifdef H5
  return Boolean(spot.map_url)
  // #endif
  // #ifdef MP-WEIXIN
  return typeof spot.latitude === 'number' && typeof spot.longitude === 'number'
  // #endif
}

/** Opens the map. */
export function showOnMap(spot: Spot): void {
  // #ifdef H5
  if (spot.map_url) window.open(spot.map_url, '_blank', 'noopener')
  return
  // #endif
  // #ifdef MP-WEIXIN
  uni.openLocation({ latitude: spot.latitude ?? 0, longitude: spot.longitude ?? 0, name: spot.name, address: spot.address })
  // #endif
}
