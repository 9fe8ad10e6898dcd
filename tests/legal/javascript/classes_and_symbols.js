// why: classes with private fields, getters, conversions and iterators of their own
// task: fresh-8
  class Source {
    #at = 0;
    static made = 0;
    constructor(items) {
      this.items = items;
      Source.made += 1;
    }
    get left() {
      return this.items.length - this.#at;
    }
    *[Symbol.iterator]() {
      while (this.left > 0) yield this.items[this.#at++];
    }
    take(count) {
      const taken = this.items.slice(this.#at, this.#at + count);
      this.#at += taken.length;
      return taken;
    }
    valueOf() {
      return this.left;
    }
    toString() {
      return 'source';
    }
  }
  const sources = [new Source(left), new Source(right)];
  const all = [];
  for (let take = 1; sources[0] + sources[1] > 0; take++) all.push(...sources[(take + 1) % 2].take(take));
  return all;
}
