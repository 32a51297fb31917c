// `import()` is syntax, so Rust cannot call it without this.
export const load = (address) => import(address);
