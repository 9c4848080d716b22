struct View {
  mirror: u32,
  veil_block: u32, // px; 0 for no veil
  veil_taps: u32,
}

@group(0) @binding(0) var plate: texture_2d<f32>;
@group(0) @binding(1) var<uniform> view: View;

@vertex fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1) * 4 - 1, f32(corner >> 1) * 4 - 1, 0, 1);
}

@fragment fn fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let size = textureDimensions(plate);
  var point = vec2u(at.xy);
  if (view.mirror != 0) { point.x = size.x - 1 - point.x; }
  if (view.veil_block == 0) { return textureLoad(plate, point, 0); }

  let start = point / view.veil_block * view.veil_block;
  var sum = vec3f(0);
  for (var j = 0u; j < view.veil_taps; j++) {
    for (var i = 0u; i < view.veil_taps; i++) {
      let tap = start + (vec2u(i, j) * 2 + 1) * view.veil_block / (2 * view.veil_taps);
      sum += textureLoad(plate, min(tap, size - 1), 0).rgb;
    }
  }
  return vec4f(sum / f32(view.veil_taps * view.veil_taps), 1);
}
