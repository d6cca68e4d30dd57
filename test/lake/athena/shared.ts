// One lake for all Athena tests that don't break it: its engine starts once, and ends when all tests have.
import { type Bench, createOrders, startBench } from "./help.ts";

let shared: Promise<Bench> | undefined;

/** It has a table `sales.orders` of three rows in two partitions. */
export function sharedBench(): Promise<Bench> {
  shared ??= startBench().then(async (bench) => {
    await createOrders(bench);
    await bench.run(
      `INSERT INTO sales.orders VALUES (1, DECIMAL '1.50', 'a', '1997', '01'), (2, DECIMAL '2.25', NULL, '1997', '01'),
       (3, DECIMAL '3.00', '', '1997', '02')`,
    );
    return bench;
  });
  return shared;
}

after(async () => {
  await (await shared?.catch(() => undefined))?.lake.stop();
});
