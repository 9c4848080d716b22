// How a line looks: ../../wireframe.ts

struct View {
  size: vec2f, // px
  reach: f32, // px from the line's middle to where it ends
  mirror: u32,
  colour: vec4f, // straight alpha
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> points: array<f32>; // x, y, z of each landmark
@group(0) @binding(2) var<storage, read> edges: array<u32>; // low half: first point, high half: second

struct Line {
  @builtin(position) at: vec4f,
  @location(0) @interpolate(flat) from_to: vec4f, // shown px
}

fn place(index: u32) -> vec2f {
  let point = vec2f(points[index * 3], points[index * 3 + 1]);
  return select(point, vec2f(view.size.x - point.x, point.y), view.mirror != 0);
}

// Six corners of a box around the line, turned with it.
@vertex fn vertex(@builtin(instance_index) edge: u32, @builtin(vertex_index) corner: u32) -> Line {
  let start = place(edges[edge] & 0xffff);
  let end = place(edges[edge] >> 16);
  let along = (end - start) / max(length(end - start), 1e-4);
  let across = vec2f(-along.y, along.x);
  let right = corner == 1 || corner == 2 || corner == 4;
  let low = corner == 2 || corner >= 4;
  let far = view.reach + 0.5;
  let at = select(start - along * far, end + along * far, right) + across * select(-far, far, low);
  let clip = at / view.size * 2 - 1;
  return Line(vec4f(clip.x, -clip.y, 0, 1), vec4f(start, end));
}

@fragment fn fragment(line: Line) -> @location(0) vec4f {
  let from_start = line.at.xy - line.from_to.xy;
  let whole = line.from_to.zw - line.from_to.xy;
  let t = saturate(dot(from_start, whole) / max(dot(whole, whole), 1e-9));
  let cover = saturate(view.reach - length(from_start - t * whole));
  return vec4f(view.colour.rgb, view.colour.a * cover);
}
