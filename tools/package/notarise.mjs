// After macOS signing: hands the app to Apple's notary when credentials are there, and says so when they are not.
import path from 'node:path';

const wanted = ['APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER'];

// The builder takes a hook from the default export.
// oxlint-disable-next-line import/no-default-export
export default async function notarise({ electronPlatformName, appOutDir, packager }) {
  if (electronPlatformName !== 'darwin') return;
  const lacking = wanted.filter((name) => !process.env[name]);
  if (lacking.length > 0) {
    console.log(`  • not notarised: ${lacking.join(', ')} not set. macOS will ask before it opens this app.`);
    return;
  }
  const { notarize } = await import('@electron/notarize');
  await notarize({
    appPath: path.join(appOutDir, `${packager.appInfo.productFilename}.app`),
    appleApiKey: process.env.APPLE_API_KEY,
    appleApiKeyId: process.env.APPLE_API_KEY_ID,
    appleApiIssuer: process.env.APPLE_API_ISSUER,
  });
}
