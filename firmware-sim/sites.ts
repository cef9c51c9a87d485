/** The sites that can be simulated, by the names under which they are asked for. */
import { multiVendorSite } from './multi-vendor.ts';
import { smallSite, STANDARD, standardSite, type Site } from './world/site.ts';

export const SITE_NAMES = [STANDARD, 'multi-vendor', 'multi-vendor-pairs', 'small'] as const;
export type SiteName = (typeof SITE_NAMES)[number];

export function buildSite(name: SiteName): Site {
  switch (name) {
    case 'standard':
      return standardSite();
    case 'multi-vendor':
      return multiVendorSite(name, 1);
    case 'multi-vendor-pairs':
      return multiVendorSite(name, 2);
    case 'small':
      return smallSite(name);
  }
}
