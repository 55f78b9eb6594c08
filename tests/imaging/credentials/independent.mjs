// Reads Content Credentials with c2pa-ts, which shares no code with what wrote them: prints whether
// they are valid, and the validation's status codes, as JSON for each file named.
import { readFile } from 'node:fs/promises';
import { JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest';

for (const name of process.argv.slice(2)) {
  const data = await readFile(name);
  const asset = JPEG.canRead(data) ? new JPEG(data) : new PNG(data);
  const jumbf = await asset.getManifestJUMBF();
  let said = { valid: null, codes: [] };
  if (jumbf) {
    const result = await ManifestStore.read(SuperBox.fromBuffer(jumbf)).validate(asset);
    said = { valid: result.isValid, codes: result.statusEntries.map((entry) => entry.code) };
  }
  console.log(JSON.stringify(said));
}
