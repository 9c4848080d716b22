@group(0) @binding(0) var camera: texture_external;
@group(0) @binding(1) var linear: sampler;
@group(0) @binding(2) var<uniform> size: vec2f; // px, as displayed

@vertex fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1) * 4 - 1, f32(corner >> 1) * 4 - 1, 0, 1);
}

@fragment fn fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
  return vec4f(textureSampleBaseClampToEdge(camera, linear, at.xy / size).rgb, 1);
}
