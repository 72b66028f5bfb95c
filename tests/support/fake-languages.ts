import type { MultivariantPlaylist, Rendition } from '../../src-main/hls/playlist'
import type { RecordingStore } from '../../src-main/store/model'
import type { FakeAnswer } from './fake-http'
import { playlistUrl, setUpRecorder } from './fake-recorder'
import { mediaPlaylist } from './playlists'

const sound = (language: string, isDefault = false): Rendition => ({
  type: 'AUDIO',
  groupId: 'g',
  name: language,
  language,
  uri: `http://edge1/${language}.m3u8`,
  isDefault,
  autoselect: false,
})
const main: MultivariantPlaylist = {
  kind: 'multivariant',
  variants: [{ uri: 'http://edge1/video.m3u8', bandwidth: 1000, codecs: '', audioGroup: 'g' }],
  renditions: [sound('en', true), sound('de'), sound('fr')],
  sessionKeys: [],
}
export const json = (value: object): FakeAnswer => ({ body: JSON.stringify(value) })
export const gone: FakeAnswer = { status: 404 }

/**
 * A picture with three languages, English by default, in segments of two seconds.
 *
 * @param options.answers what the playlist of a language (`en`, `de`, `fr`) answers instead of a list; the test may change it. `key`, `media`: what the key, and every segment, answers.
 * @param options.sealed the language whose segments need that key.
 */
export function setUpLanguages(
  options: {
    endList?: boolean
    sealed?: string
    answers?: Record<string, FakeAnswer | undefined>
  } = {},
) {
  const { answers = {}, sealed, ...listing } = options
  const key = { method: 'AES-128', uri: 'http://edge1/key' }
  const source = { first: 10, answers, token: '' }
  const list = (run: string) =>
    json(
      mediaPlaylist({
        first: source.first,
        count: 3,
        run,
        patch: () => (run === sealed ? { key } : {}),
        ...listing,
      }),
    )
  const recorder = setUpRecorder(({ url, kind }) => {
    if (url === playlistUrl) {
      const renditions = main.renditions.map((one) => ({
        ...one,
        uri: `${one.uri}${source.token}`,
      }))
      return json({ ...main, renditions })
    }
    if (kind === 'key') return answers['key']
    if (kind !== 'playlist') return answers['media']
    const name = /(\w+)\.m3u8/.exec(url)?.[1] ?? ''
    const isStale = name in answers && source.token !== '' && !url.endsWith(source.token)
    if (isStale) return { status: 403 }
    return answers[name] ?? list(name)
  })
  const { clock } = recorder
  /** Time passes, and the source makes segments. */
  const pass = async (seconds: number) => {
    for (let at = 0; at < seconds; at += 2) {
      source.first += 1
      await clock.advance(2000)
    }
  }
  return { ...recorder, source, pass }
}

/** What a person can read about a recording later. */
export const activityOf = async (recording: Pick<RecordingStore, 'activity'>) =>
  (await recording.activity()).list()
