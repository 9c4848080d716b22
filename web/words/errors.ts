/** From the names of errors and events to sentences a person can act on. The only place that knows the sentences. */

export interface Words {
  readonly title: string
  /** What to do about it. */
  readonly text: string
}

const WORDS = {
  // camera
  NotAllowedError: {
    title: 'The camera is blocked',
    text: 'Allow the camera for this page with the camera or lock icon in the address bar, then start again.',
  },
  NotFoundError: {
    title: 'No camera was found',
    text: 'Plug one in, or use a video file or the demo head instead.',
  },
  NotReadableError: {
    title: 'The camera is in use',
    text: 'Another program is holding it. Close that program or choose another camera, then start again.',
  },
  OverconstrainedError: {
    title: 'The camera cannot do that',
    text: 'It does not offer this resolution or frame rate. Choose “Automatic” and start again.',
  },
  InsecureOriginError: {
    title: 'The camera needs a secure page',
    text: 'Browsers give the camera to https pages and to localhost only. Open this page at one of those.',
  },
  CameraLostError: {
    title: 'The camera went away',
    text: 'Plug it back in: the picture returns by itself. Or choose another camera.',
  },
  AbortError: {
    title: 'The camera did not start',
    text: 'The system stopped it before the first picture. Start again, or choose another camera.',
  },
  // video files
  NoVideoTrackError: {
    title: 'There is no video in this file',
    text: 'It holds sound only, or a kind of video this browser cannot show. Choose another file.',
  },
  VideoUndecodableError: {
    title: 'This video cannot be played here',
    text: 'The file is damaged or its format is unknown to this browser. MP4 (H.264) and WebM always work.',
  },
  // source pictures
  NoFaceError: {
    title: 'No face was found in this picture',
    text: 'Use one where the face is seen from the front, lit evenly and not covered.',
  },
  ImageTooLargeError: {
    title: 'This picture is too large',
    text: 'Pictures of 100 megapixels and more are not read. Scale it down and add it again.',
  },
  ImageTooSmallError: {
    title: 'This picture is too small',
    text: 'A face needs pixels: use a picture of at least 64 × 64, better 512 × 512.',
  },
  ImageUndecodableError: {
    title: 'This file cannot be read as a picture',
    text: 'It is damaged or of an unknown kind. JPEG, PNG, WebP, AVIF and GIF work.',
  },
  HeicUndecodableError: {
    title: 'This browser cannot read HEIC pictures',
    text: 'Export the picture as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible) and add that.',
  },
  SvgUndecodableError: {
    title: 'Drawings in SVG cannot be used as they are',
    text: 'Export the drawing as PNG or JPEG and add that.',
  },
  TurnedFaceWarning: {
    title: 'This face is turned to the side',
    text: 'It was added, but a picture from the front looks better from every angle.',
  },
  SmallFaceWarning: {
    title: 'The face is small in this picture',
    text: 'It was added, but will look soft. A closer or larger picture is sharper.',
  },
  // clips
  EmptyFileError: {
    title: 'This file is empty',
    text: 'It has no bytes at all: copying or downloading it was perhaps cut short. Get it again.',
  },
  NotAVideoError: {
    title: 'This is not a video',
    text: 'Choose a video file: MP4, MOV, WebM, MKV, AVI and MPEG work, whatever they are called.',
  },
  UnfinishedFileError: {
    title: 'This video was never finished',
    text: 'Its index is missing: recording, copying or downloading it was cut short. Copy it again from where it was made.',
  },
  EncryptedVideoError: {
    title: 'This video is protected',
    text: 'It is encrypted against copying and cannot be opened here. Use a file without copy protection.',
  },
  VideoDamagedError: {
    title: 'This part of the video is damaged',
    text: 'Nothing in it can be decoded. Choose another part, or copy the file again from where it was made.',
  },
  ConverterMissingError: {
    title: 'This video needs a converter that could not be loaded',
    text: 'It is fetched from this server once, 10 MB. Check the connection and try again, or convert the file to MP4.',
  },
  ConversionMemoryError: {
    title: 'This video is too large to be converted here',
    text: 'The browser ran out of memory. Convert it to MP4 (H.264) with another program and add that.',
  },
  LargeConversionWarning: {
    title: 'This video has to be converted first',
    text: 'The browser cannot read its format, and the file is large: that takes a while and space on this device.',
  },
  TruncatedFileWarning: {
    title: 'This video breaks off early',
    text: 'The file is not whole. Everything up to where it ends is used.',
  },
  DamagedFramesWarning: {
    title: 'Some frames of this video are damaged',
    text: 'Where nothing could be decoded, the picture before stands still.',
  },
  ExtraTracksWarning: {
    title: 'This file holds more than one picture or sound',
    text: 'The main picture and the main sound are used; the others are left out.',
  },
  // pictures and clips that are saved
  GifTooLongError: {
    title: 'This is too long for a GIF',
    text: 'GIFs are for clips of up to a minute. Choose a shorter part, or export a video.',
  },
  StillFormatTooSmallError: {
    title: 'This picture is too large for that format',
    text: 'WebP holds 16,383 pixels a side. Save it as PNG or JPEG.',
  },
  StillFormatError: {
    title: 'This browser cannot write that format',
    text: 'Save the picture as PNG: every browser writes that.',
  },
  NoVideoEncoderError: {
    title: 'This browser cannot write such a video',
    text: 'It has no encoder for this format at this size. Choose the other format, MP4 or WebM, or a current Chrome or Edge.',
  },
  VideoEncoderError: {
    title: 'The video encoder failed',
    text: 'What was finished is kept. Continue: it goes on with the encoder in software, which is slower but steady.',
  },
  SegmentsBrokenError: {
    title: 'The finished parts do not fit together',
    text: 'Some of them are missing or were written in another way, by another browser version perhaps. Start this clip again.',
  },
  NoAudioEncoderError: {
    title: 'The sound cannot be written',
    text: 'The AAC encoder is fetched from this server once. Check the connection and continue, or choose WebM.',
  },
  SoundLeftOutWarning: {
    title: 'The sound was left out',
    text: 'This browser can neither decode it nor put it into this format as it is. Try the other format, MP4 or WebM.',
  },
  SoundDamagedWarning: {
    title: 'Some of the sound is damaged',
    text: 'It is silent where nothing could be decoded.',
  },
  RecognitionModelError: {
    title: 'This is not a face recognition model',
    text: 'It must be an ONNX file that takes one aligned face, 112 × 112 pixels in RGB, and gives one list of numbers, as ArcFace and MobileFaceNet do.',
  },
  // machine
  DeviceLostError: {
    title: 'The graphics card was reset',
    text: 'Live goes on by itself, a clip when you continue it. If this repeats, close other programs that use the graphics card.',
  },
  WeightCorruptError: {
    title: 'A model file is damaged',
    text: 'It was not loaded. Reload the page to fetch it again; if that does not help, run “npm ci && npm start”.',
  },
  WeightMissingError: {
    title: 'A model file is missing',
    text: 'The server does not have it. Run “npm ci && npm start” again, then reload.',
  },
  GpuError: {
    title: 'The graphics driver reported a problem',
    text: 'If the picture looks wrong, stop and start again, or update the driver.',
  },
  FeedFailed: {
    title: 'The pictures stopped coming',
    text: 'The camera or the video broke off. Start again.',
  },
  PassThrough: {
    title: 'The swap is paused',
    text: 'Too many frames failed in a row, so the plain picture is shown. Stop and start again.',
  },
  ThreadFailedError: {
    title: 'The studio could not start',
    text: 'Reload the page. A current Chrome, Edge, Firefox or Safari is needed.',
  },
  PageFailedError: {
    title: 'This page could not be loaded',
    text: 'The connection broke off, or a new version was put in place meanwhile. Reload to try again.',
  },
  NothingShownError: {
    title: 'There is no picture yet',
    text: 'Start the camera, a video or the demo head first.',
  },
  // library
  LibraryFileMissingError: {
    title: 'This file is gone',
    text: 'It was deleted in another window, or the browser cleared it. Nothing of it is left.',
  },
  RecordingUnreadableError: {
    title: 'Nothing in this recording plays',
    text: 'It broke off before its first picture was written. Delete it and record again.',
  },
  ShareUnavailableError: {
    title: 'This browser cannot hand files to other apps',
    text: 'Safari, and Chrome and Edge on Android, Windows and macOS can, on a secure page. Download the file instead.',
  },
  ShareTypeError: {
    title: 'This kind of file cannot be shared',
    text: 'Browsers share videos and pictures only. Download it, then send it as a file.',
  },
  ShareFailedError: {
    title: 'It was not shared',
    text: 'The other app did not take it. Try another one, or download the file instead.',
  },
  // jobs
  InterruptedError: {
    title: 'It was interrupted',
    text: 'The page was closed or stopped while it worked. Continue: what was finished is kept.',
  },
  StalledError: {
    title: 'It stopped moving',
    text: 'A decoder, an encoder or the graphics driver did not answer for a minute. Continue, or reload the page first.',
  },
  FileUnreadableError: {
    title: 'This file cannot be read any more',
    text: 'It was moved, changed or deleted, or its drive was unplugged. Choose it again.',
  },
  ClipMissingError: {
    title: 'The clip is gone',
    text: 'The browser cleared its copy on this device. Remove this job and add the clip again.',
  },
  EmptySpanError: {
    title: 'There is nothing in this part of the clip',
    text: 'No frame is shown between its two ends. Move them apart and try again.',
  },
  // the server and its boxes
  ServerAbsentError: {
    title: 'The server does not answer',
    text: 'It was stopped, or the connection is down. Live and Clip go on without it; start it with “npm start” and try again.',
  },
  ServerFailedError: {
    title: 'The server failed on this',
    text: 'Its log says why. Try again; if it repeats, restart the server.',
  },
  ResultUnplayableError: {
    title: 'This browser cannot play the result',
    text: 'Its format is unknown here. Download it and open it in a video player.',
  },
  TakeFailedError: {
    title: 'The take could not be recorded',
    text: 'This browser cannot record the camera, or it broke off. Record it elsewhere and choose the file.',
  },
  DraftNotKeptWarning: {
    title: 'This file is not kept over a reload',
    text: 'There is no room in the browser for a copy. Everything works; after a reload, choose it again.',
  },
  NotificationsBlockedError: {
    title: 'Notifications are blocked',
    text: 'Allow them for this page with the icon in the address bar, then switch this on again.',
  },
  // recordings
  MicrophoneBlockedError: {
    title: 'The microphone is blocked',
    text: 'Allow it for this page with the icon in the address bar, or record without sound.',
  },
  NoMicrophoneError: {
    title: 'No microphone was found',
    text: 'Plug one in, or record without sound.',
  },
  MicrophoneBusyError: {
    title: 'The microphone cannot be used',
    text: 'Another program may be holding it. Close that program, choose another microphone, or record without sound.',
  },
  MicrophoneLostError: {
    title: 'The microphone went away',
    text: 'The recording goes on without sound.',
  },
  RecordingUnavailableError: {
    title: 'This browser cannot record that',
    text: 'It has no encoder for this kind of file or size of picture. Choose the other format, or a current Chrome or Edge.',
  },
  RecordingStorageFullError: {
    title: 'The recording ended: the storage is full',
    text: 'Everything up to now is in the library. Delete something there, or free disk space, before you go on.',
  },
  RecordingFailedError: {
    title: 'The recording ended',
    text: 'The encoder or the disk failed. What was recorded until then is kept in the library.',
  },
  // storage
  QuotaExceededError: {
    title: 'The storage is full',
    text: 'Delete results you no longer need or free disk space, then go on or try again. What was there is kept.',
  },
  ErasingFailedError: {
    title: 'Not everything could be deleted',
    text: 'Another window of Understudy still holds some of it. Close all others, reload this one and try again.',
  },
  StorageUnavailableError: {
    title: 'Nothing can be stored here',
    text: 'This window may be private. Everything works, but characters and settings are gone when it closes.',
  },
} as const satisfies Record<string, Words>

export type ProblemName = keyof typeof WORDS

const isKnown = (name: string): name is ProblemName => Object.hasOwn(WORDS, name)

/** Older browsers and newer ones name the same thing differently. */
const ALIASES: Readonly<Record<string, ProblemName>> = {
  SecurityError: 'InsecureOriginError',
  DevicesNotFoundError: 'NotFoundError',
  PermissionDeniedError: 'NotAllowedError',
  TrackStartError: 'NotReadableError',
  ConstraintNotSatisfiedError: 'OverconstrainedError',
}

/** What our server calls its refusals; its own message says the rest. */
const REFUSALS: Readonly<Record<string, string>> = {
  BadRequest: 'The server cannot do this as it is',
  NotPaired: 'This device is not paired with the server',
  OwnerOnly: 'Only the computer that runs the server may do this',
  NotFound: 'It is not there any more',
  Conflict: 'It has moved on meanwhile',
  Empty: 'This file is empty',
  TooLarge: 'This is too large for the server',
  UnsupportedMedia: 'The server does not take this kind of file',
  TooMany: 'The server has enough to do',
  DiskFull: 'The server’s disk is full',
  QuotaExceeded: 'The server’s storage is full',
}

/** How the name of an Error begins that is a refusal of our server. */
export const REFUSED = 'Refused:'

/** The sentences for a name; `detail` is shown only when nobody has written any for it. */
export function wordsFor(name: string, detail = ''): Words {
  if (name.startsWith(REFUSED)) {
    return { title: REFUSALS[name.slice(REFUSED.length)] ?? 'The server turned this down', text: detail }
  }
  const known = ALIASES[name] ?? name
  if (isKnown(known)) return WORDS[known]
  return { title: 'Something unexpected happened', text: detail || 'Try again, or reload the page.' }
}

/** The sentences for whatever was thrown. */
export const explain = (thrown: unknown): Words =>
  thrown instanceof Error || thrown instanceof DOMException
    ? wordsFor(thrown.name, thrown.message)
    : wordsFor('', String(thrown))

/** An error that `explain` has sentences for. */
export function problem(name: ProblemName, detail = ''): Error {
  const error = new Error(detail || WORDS[name].title)
  error.name = name
  return error
}
