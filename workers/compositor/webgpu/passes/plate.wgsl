@group(0) @binding(0) var plate: texture_2d<f32>;
@group(0) @binding(1) var<uniform> mirror: u32;

@vertex fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1) * 4 - 1, f32(corner >> 1) * 4 - 1, 0, 1);
}

@fragment fn fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
  var pixel = vec2u(at.xy);
  if (mirror != 0) { pixel.x = textureDimensions(plate).x - 1 - pixel.x; }
  return textureLoad(plate, pixel, 0);
}
