/** What build/bench.mjs hands on: `--quick` for a look that takes a minute, `--name=value` for the rest. */
export interface BenchOptions {
  readonly quick: boolean
  number(name: string, defaults: { readonly full: number; readonly quick: number }): number
  numbers(
    name: string,
    defaults: { readonly full: readonly number[]; readonly quick: readonly number[] },
  ): readonly number[]
}

/** @throws Error for a value that is no number. */
export function benchOptions(argv: readonly string[] = process.argv.slice(2)): BenchOptions {
  const quick = argv.includes('--quick')
  const given = (name: string): readonly number[] | undefined => {
    const prefix = `--${name}=`
    const text = argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length)
    const values = text?.split(',').map(Number)
    if (values?.some((value) => !(value > 0))) throw new Error(`--${name}=${text}: not a number`)
    return values
  }
  return {
    quick,
    number: (name, defaults) => given(name)?.[0] ?? (quick ? defaults.quick : defaults.full),
    numbers: (name, defaults) => given(name) ?? (quick ? defaults.quick : defaults.full),
  }
}
