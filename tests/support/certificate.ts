import { generateKeyPairSync, sign } from 'node:crypto'

/** A key and a certificate of their own making for `localhost`, as PEM. */
export interface TestCertificate {
  readonly key: string
  readonly cert: string
}

const DAY_MS = 86_400_000

/** One value in DER: tag, length, content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const short = Buffer.from([tag, content.length])
  const long = Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff])
  return Buffer.concat([content.length < 0x80 ? short : long, content])
}

const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const utcTime = (ms: number) =>
  der(
    0x17,
    Buffer.from(
      `${new Date(ms)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )

/** Made anew each time, valid for a day: nothing secret lies in the repository. */
export function createTestCertificate(): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const commonName = sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))
  const name = sequence(der(0x31, commonName))
  const isTrue = der(0x01, Buffer.from([0xff]))
  const basicConstraints = sequence(oid('551d13'), isTrue, der(0x04, sequence(isTrue)))
  const host = der(0x82, Buffer.from('localhost'))
  const subjectAltName = sequence(oid('551d11'), der(0x04, sequence(host)))
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(Date.now() - DAY_MS), utcTime(Date.now() + DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints, subjectAltName)),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const noUnusedBits = Buffer.from([0])
  const certificate = sequence(toBeSigned, ecdsaWithSha256, der(0x03, noUnusedBits, signature))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
