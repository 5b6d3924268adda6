/** Shown by /v1/spillway/health; equal to package.json's (tested). */
export const VERSION = '0.1.0';
