// The tests that a run was asked for, which test/host/bundle.ts puts in this module's place.
declare module "boathouse:tests";
