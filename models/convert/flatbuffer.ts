/**
 * Reads FlatBuffers: tables whose fields are found through a vtable, little-endian, offsets relative to where they
 * stand. Only what a TFLite file needs. Every read outside the buffer throws a RangeError (DataView does it).
 */
export class Table {
  readonly #view: DataView<ArrayBuffer>
  readonly #at: number

  constructor(view: DataView<ArrayBuffer>, at: number) {
    this.#view = view
    this.#at = at
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array<ArrayBuffer>): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new Table(view, view.getUint32(0, true))
  }

  /** Where field number `field` stands, or 0 when it was left at its default. */
  #find(field: number): number {
    const vtable = this.#at - this.#view.getInt32(this.#at, true)
    const slot = 4 + 2 * field
    if (slot >= this.#view.getUint16(vtable, true)) return 0
    const offset = this.#view.getUint16(vtable + slot, true)
    return offset === 0 ? 0 : this.#at + offset
  }

  /** Follows the offset stored at `at`. */
  #follow(at: number): number {
    return at + this.#view.getUint32(at, true)
  }

  int8(field: number, absent = 0): number {
    const at = this.#find(field)
    return at === 0 ? absent : this.#view.getInt8(at)
  }

  uint8(field: number, absent = 0): number {
    const at = this.#find(field)
    return at === 0 ? absent : this.#view.getUint8(at)
  }

  int32(field: number, absent = 0): number {
    const at = this.#find(field)
    return at === 0 ? absent : this.#view.getInt32(at, true)
  }

  text(field: number): string {
    return String.fromCharCode(...this.bytes(field))
  }

  table(field: number): Table | undefined {
    const at = this.#find(field)
    return at === 0 ? undefined : new Table(this.#view, this.#follow(at))
  }

  tables(field: number): Table[] {
    return this.#vector(field, 4, (at) => new Table(this.#view, this.#follow(at)))
  }

  int32s(field: number): number[] {
    return this.#vector(field, 4, (at) => this.#view.getInt32(at, true))
  }

  /** A view into the file's own memory; empty when the field is absent. */
  bytes(field: number): Uint8Array<ArrayBuffer> {
    const at = this.#find(field)
    if (at === 0) return new Uint8Array()
    const start = this.#follow(at)
    const { buffer, byteOffset } = this.#view
    return new Uint8Array(buffer, byteOffset + start + 4, this.#view.getUint32(start, true))
  }

  #vector<Item>(field: number, stride: number, read: (at: number) => Item): Item[] {
    const at = this.#find(field)
    if (at === 0) return []
    const start = this.#follow(at)
    const items: Item[] = []
    for (let i = 0; i < this.#view.getUint32(start, true); i++) items.push(read(start + 4 + stride * i))
    return items
  }
}
