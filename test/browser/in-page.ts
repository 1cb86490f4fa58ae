/** Texts whose contrast with what is behind them is less than WCAG 2 AA asks, with the ratio. Runs in the page. */
export const PALE = `(() => {
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const numbers = (color) => color.match(/[0-9.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = numbers(getComputedStyle(e).backgroundColor);
      if ((color[3] ?? 1) === 1) return color;
    }
    return [255, 255, 255];
  };
  const ratio = (element) => {
    const [a, b] = [numbers(getComputedStyle(element).color), behind(element)].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return [...document.querySelectorAll('body *')]
    .filter((e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((e) => ratio(e) < 4.5)
    .map((e) => e.textContent.trim() + ' ' + ratio(e).toFixed(2));
})()`;

/** Whether it can be seen where the focus is, and it is somewhere. Runs in the page. */
export const FOCUS = `(() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && document.activeElement !== document.body; })()`;
