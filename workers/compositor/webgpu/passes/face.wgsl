// What a layer is, and the formula below: ../../layer.ts

struct View {
  opacity: f32,
  mirror: u32,
}

@group(0) @binding(0) var plate: texture_2d<f32>;
@group(0) @binding(1) var face: texture_2d<f32>;
@group(0) @binding(2) var linear: sampler;
@group(0) @binding(3) var<uniform> view: View;

struct Corner {
  @location(0) position: vec2f,
  @location(1) source: vec2f,
  @location(2) own: vec2f,
  @location(3) gain: vec3f,
  @location(4) ramps: vec2f, // matte, ownness
}

struct Point {
  @builtin(position) at: vec4f,
  @location(0) source: vec2f,
  @location(1) own: vec2f,
  @location(2) gain: vec3f,
  @location(3) ramps: vec2f,
}

@vertex fn vertex(corner: Corner) -> Point {
  var clip = corner.position / vec2f(textureDimensions(plate)) * 2 - 1;
  if (view.mirror != 0) { clip.x = -clip.x; }
  return Point(vec4f(clip.x, -clip.y, 0, 1), corner.source, corner.own, corner.gain, corner.ramps);
}

@fragment fn fragment(point: Point) -> @location(0) vec4f {
  let size = textureDimensions(plate);
  var pixel = vec2u(point.at.xy);
  if (view.mirror != 0) { pixel.x = size.x - 1 - pixel.x; }

  let source_uv = point.source / vec2f(textureDimensions(face));
  let skin = saturate(textureSampleLevel(face, linear, source_uv, 0).rgb * point.gain);
  let own = textureSampleLevel(plate, linear, point.own / vec2f(size), 0).rgb;
  let s = smoothstep(vec2f(0), vec2f(1), point.ramps);
  let under = textureLoad(plate, pixel, 0).rgb;
  return vec4f(mix(under, mix(skin, own, s.y), s.x * view.opacity), 1);
}
