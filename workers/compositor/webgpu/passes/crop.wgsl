struct Cut {
  turn: vec4f, // a, b, c, d of cropToFrame
  shift: vec2f, // e, f
  taps: u32, // per side of an output pixel
}

@group(0) @binding(0) var plate: texture_2d<f32>;
@group(0) @binding(1) var linear: sampler;
@group(0) @binding(2) var<uniform> cut: Cut;

@vertex fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1) * 4 - 1, f32(corner >> 1) * 4 - 1, 0, 1);
}

@fragment fn fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let size = vec2f(textureDimensions(plate));
  let turn = mat2x2f(cut.turn.xy, cut.turn.zw);
  let corner = floor(at.xy);
  let step = 1 / f32(cut.taps);
  var sum = vec3f(0);
  for (var j = 0u; j < cut.taps; j++) {
    for (var i = 0u; i < cut.taps; i++) {
      let point = turn * (corner + (vec2f(f32(i), f32(j)) + 0.5) * step) + cut.shift;
      if (all(point >= vec2f(0)) && all(point < size)) {
        sum += textureSampleLevel(plate, linear, point / size, 0).rgb;
      }
    }
  }
  return vec4f(sum * step * step, 1);
}
