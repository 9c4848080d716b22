export async function* headFrames(_count: number): AsyncGenerator<VideoFrame> {}
