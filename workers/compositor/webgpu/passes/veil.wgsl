struct View {
  mirror: u32,
  block: u32, // px
  taps: u32, // per side of a block
  across: u32, // blocks in a row
}

@group(0) @binding(0) var plate: texture_2d<f32>;
@group(0) @binding(1) var<uniform> view: View;

struct Block {
  @builtin(position) at: vec4f,
  @location(0) @interpolate(flat) colour: vec3f,
}

// A block's colour is found at its corners: a few times per block, not for every pixel.
@vertex fn vertex(@builtin(instance_index) index: u32, @builtin(vertex_index) corner: u32) -> Block {
  let size = textureDimensions(plate);
  let start = vec2u(index % view.across, index / view.across) * view.block;
  var sum = vec3f(0);
  for (var j = 0u; j < view.taps; j++) {
    for (var i = 0u; i < view.taps; i++) {
      let tap = start + (vec2u(i, j) * 2 + 1) * view.block / (2 * view.taps);
      sum += textureLoad(plate, min(tap, size - 1), 0).rgb;
    }
  }
  let right = corner == 1 || corner == 2 || corner == 4;
  let low = corner == 2 || corner >= 4;
  var clip = vec2f(start + select(vec2u(0), vec2u(view.block), vec2<bool>(right, low))) / vec2f(size) * 2 - 1;
  if (view.mirror != 0) { clip.x = -clip.x; }
  return Block(vec4f(clip.x, -clip.y, 0, 1), sum / f32(view.taps * view.taps));
}

@fragment fn fragment(block: Block) -> @location(0) vec4f {
  return vec4f(block.colour, 1);
}
