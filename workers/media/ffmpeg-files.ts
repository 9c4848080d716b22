// Asked for by URL, so that they are fetched only when needed, from our own origin. GPL-2.0-or-later, see NOTICE.

import wasm from '@ffmpeg/core/wasm?url'
import core from '@ffmpeg/core?url'
import thread from './ffmpeg.worker?worker&url'

export default { core, wasm, thread }
