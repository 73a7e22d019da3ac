/** Puts what has nothing to do with each other side by side, in rows that fill a page. */

export interface Size { readonly width: number; readonly height: number }
/** `corners`: the upper left corner of each, in the order given. */
export interface Shelved extends Size { readonly corners: readonly { x: number; y: number }[] }

/** What a page looks like: width by height. */
const RATIO = 4 / 3;
/** How far something is from that, where so many of its kind stand one below the other. */
export const page = ({ width, height }: Size, of = 1): number => Math.abs(Math.log(width / height / RATIO / of));

/** Rows from left to right, in the order given, as wide as brings the whole closest to the shape of a page. */
export function shelve(sizes: readonly Size[], gap: number): Shelved {
  const widest = Math.max(0, ...sizes.map(({ width }) => width)), all = sizes.reduce((sum, { width }) => sum + width + gap, 0);
  let best = shelved(sizes, gap, widest);
  // A tenth more each time: few to try, and no gap between them that could be seen.
  for (let room = widest * 1.1; sizes.length > 1 && room < all * 1.1; room *= 1.1) {
    const next = shelved(sizes, gap, room);
    if (page(next) < page(best)) best = next;
  }
  return best;
}

/** In rows that are `room` wide at most. What is low stands on what is low, where something tall makes the row high. */
function shelved(sizes: readonly Size[], gap: number, room: number): Shelved {
  let top = 0, high = 0, column = { x: 0, width: 0, height: 0 }, right = 0;
  const corners = sizes.map(({ width, height }, i) => {
    if (i > 0 && width <= column.width && column.height + gap + height <= high) column.height += gap + height;
    else if (i > 0 && column.x + column.width + gap + width <= room) column = { x: column.x + column.width + gap, width, height };
    else {
      if (i > 0) top += high + gap;
      column = { x: 0, width, height };
      high = 0;
    }
    high = Math.max(high, column.height);
    right = Math.max(right, column.x + column.width);
    return { x: column.x, y: top + column.height - height };
  });
  return { corners, width: right, height: top + high };
}
