import { expect, test } from 'vitest'
import { redactFields, redactText } from '../../../src-main/observe/redact'

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=0a1b2c3d'

test('S35 the signature of a request to an object store is not logged', () => {
  const told = redactText(`refused: ${SIGNED}\nsecond line`)
  expect(told).toBe('refused: AWS4-HMAC-SHA256 [redacted]\nsecond line')
})

test('S35 the keys of an object store are not logged', () => {
  expect(
    redactFields({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'hush', bucket: 'b' }),
  ).toEqual({
    accessKeyId: '[redacted]',
    secretAccessKey: '[redacted]',
    bucket: 'b',
  })
})
