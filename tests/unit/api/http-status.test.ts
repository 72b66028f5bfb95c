import { describe, expect, it } from 'vitest'
import { httpStatusOf } from '../../../src-main/api/http-status'
import { errorCodeSchema } from '../../../src-preload/contract/errors'

describe('httpStatusOf', () => {
  it('gives an error status for every code', () => {
    for (const code of errorCodeSchema.options) {
      expect(httpStatusOf(code), code).toBeGreaterThanOrEqual(400)
      expect(httpStatusOf(code), code).toBeLessThan(600)
    }
  })
})
