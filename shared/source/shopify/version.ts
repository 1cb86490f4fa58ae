/** The version of Shopify's Admin API that is asked, and the newest whose webhooks are known to be read. */
export const SHOPIFY_VERSION = '2026-07';
