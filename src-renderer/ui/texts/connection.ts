import type { ApiError } from '../../../src-preload/contract/errors'

/** Words about the connection between the page and VSR. */
export const connectionTexts = {
  errors: {
    serverAway: {
      code: 'connection_failed',
      message: 'VSR does not answer.',
      hint: 'Is it still running? This page goes on by itself as soon as it is back.',
    } satisfies ApiError,
    refused: {
      code: 'unauthorized',
      message: 'This page may not talk to VSR any more.',
      hint: 'Open the address that VSR printed when it started.',
    } satisfies ApiError,
    unreadableAnswer: {
      code: 'internal',
      message: 'VSR answered something that this page does not understand.',
      hint: 'Reload the page. If that does not help, page and program are of different versions.',
    } satisfies ApiError,
    playbackFailed: {
      code: 'internal',
      message: 'The picture could not be shown.',
      hint: 'The recording itself is not affected. Try again.',
    } satisfies ApiError,
    playbackUnsupported: {
      code: 'not_available_here',
      message: 'This browser cannot play HLS video.',
      hint: 'Use a current Chromium, Chrome, Edge or Firefox. Recording and export work all the same.',
    } satisfies ApiError,
  },
  connection: {
    lost: 'Connection to VSR lost. Trying again…',
    unknownState: 'Not connected',
    unknownStateHint: 'VSR does not answer, so nobody knows what this recording is doing now.',
  },
  refused: {
    'no-token': {
      title: 'This page was opened without its key',
      body: 'The address of this page has to end in the token that VSR made when it started.',
    },
    'token-refused': {
      title: 'VSR was started anew',
      body: 'Each start of VSR makes a new token, so the address of this page is no longer valid. Recordings go on.',
    },
    hint: 'Open the address that VSR printed when it started. It looks like http://127.0.0.1:8787/?token=…',
  },
}
