import { withPart } from '#functions/publish/brand.ts';
import { type Brand, noBrand, readBrandKey } from '#shared/template/brand.ts';
import type { File } from './check-folder.ts';

/** The brand as it stands in a folder. */
export const brandIn = (files: readonly File[]): Brand =>
  files.reduce((brand, { key, body }) => {
    const part = readBrandKey(key);
    return part ? withPart(brand, part, body) : brand;
  }, noBrand());
