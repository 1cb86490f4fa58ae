import type { Box } from './drawing.ts';

/** Outlines and icons: a step is told by its form, not by its colour alone. */

type Outlined = (width: number, height: number) => string;

const rounded =
  (radius: number): Outlined =>
  (w, h) => {
    const r = Math.min(radius, h / 2);
    const corner = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x * r} ${y * r}`;
    return `M${r} 0H${w - r}${corner(1, 1)}V${h - r}${corner(-1, 1)}H${r}${corner(-1, -1)}V${r}${corner(1, -1)}Z`;
  };
const polygon = (...points: [x: number, y: number][]): string => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`;

const P = 12;
const hexagon: Outlined = (w, h) => polygon([P, 0], [w - P, 0], [w, h / 2], [w - P, h], [P, h], [0, h / 2]);
const slanted: Outlined = (w, h) => polygon([P, 0], [w, 0], [w - P, h], [0, h]);
const octagon: Outlined = (w, h) =>
  polygon([P, 0], [w - P, 0], [w, P], [w, h - P], [w - P, h], [P, h], [0, h - P], [0, P]);
const cutCorner: Outlined = (w, h) => polygon([0, 0], [w - P, 0], [w, P], [w, h], [0, h]);
const handing: Outlined = (w, h) => polygon([0, 0], [w - 8, 0], [w, h / 2], [w - 8, h], [0, h]);
const ticket: Outlined = (w, h) => `M0 0H${w}V${h / 2 - 7}a7 7 0 0 0 0 14V${h}H0V${h / 2 + 7}a7 7 0 0 0 0 -14Z`;
const doubled: Outlined = (w, h) => `${rounded(8)(w, h)}M4 10V${h - 10}M${w - 4} 10V${h - 10}`;

export const SHAPES: { readonly [K in Box['kind']]: Outlined } = {
  header: rounded(10),
  arm: rounded(6),
  send: rounded(3),
  wait: rounded(20),
  waitFor: rounded(20),
  branch: hexagon,
  split: slanted,
  update: cutCorner,
  coupon: ticket,
  call: handing,
  emit: handing,
  enrol: handing,
  leave: handing,
  repeat: doubled,
  skip: rounded(3),
  end: octagon,
  finish: octagon,
};

/** Strokes on a field of 18 by 18. */
export const ICONS: { readonly [K in Exclude<Box['kind'], 'header' | 'arm'>]: string } = {
  send: 'M2 4h14v10H2zM2 4.5l7 5.5 7-5.5',
  wait: 'M9 2a7 7 0 1 0 .01 0zM9 5v4l3 2',
  waitFor: 'M4 2h10M4 16h10M5.5 2v3.5L9 9l3.5-3.5V2M5.5 16v-3.5L9 9l3.5 3.5V16',
  branch: 'M9 2v4M9 6l-5 5v5M9 6l5 5v5',
  split: 'M4 14.5L14 3.5M5 3a2 2 0 1 0 .01 0zM13 11a2 2 0 1 0 .01 0z',
  update: 'M2.5 9.5V2.5h7l6.5 6.5-7 7zM6 6h.01',
  coupon: 'M2 4.5h14v2.7a1.8 1.8 0 0 0 0 3.6v2.7H2v-2.7a1.8 1.8 0 0 0 0-3.6zM11 5v8',
  call: 'M7.5 3.5H3v11.5h11.5v-4.5M10.5 2.5h5v5M15.5 2.5L8.5 9.5',
  emit: 'M9 9h.01M6.2 6.2a4 4 0 0 0 0 5.6M11.8 6.2a4 4 0 0 1 0 5.6M3.7 3.7a7.5 7.5 0 0 0 0 10.6M14.3 3.7a7.5 7.5 0 0 1 0 10.6',
  enrol: 'M8 2.5h7v13H8M2 9h8M7 6l3 3-3 3',
  leave: 'M10 2.5H3v13h7M7 9h9M13 6l3 3-3 3',
  repeat: 'M3 8a6 6 0 0 1 11-2.5M14.5 2v4h-4M15 10a6 6 0 0 1-11 2.5M3.5 16v-4h4',
  skip: 'M2.5 3.5h5v8.5h7.5M12 9l3 3-3 3',
  end: 'M6 2h6l4 4v6l-4 4H6l-4-4V6zM6.5 6.5h5v5h-5z',
  finish: 'M4 16V2.5M4 3h10l-3 3 3 3H4',
};
