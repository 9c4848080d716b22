@group(0) @binding(0) var badge: texture_2d<f32>; // premultiplied alpha
@group(0) @binding(1) var<uniform> place: vec4f; // x, y of its top left; width, height of the picture: px

@vertex fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  let right = corner == 1 || corner == 2 || corner == 4;
  let low = corner == 2 || corner >= 4;
  let size = vec2f(textureDimensions(badge));
  let clip = (place.xy + select(vec2f(0), size, vec2<bool>(right, low))) / place.zw * 2 - 1;
  return vec4f(clip.x, -clip.y, 0, 1);
}

@fragment fn fragment(@builtin(position) at: vec4f) -> @location(0) vec4f {
  return textureLoad(badge, vec2u(at.xy - place.xy), 0);
}
