// What the catalog's and the queries' tests look at: databases, tables and files made through AWS's own APIs on a real lake.
import type { AwsSession } from "../../../src/aws/session.ts";

export const BUCKET = "seeded-lake";
export const WORKGROUP = "seeded";

/** Names that would be markup, an icon, a format, another line or another direction, were they read as more than a name. */
export const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "$(trash) drop",
  "[click](command:workbench.action.quit)",
  '"; drop table x; --',
  "a`b",
  "\u202egnp.elbat",
  "{{constructor}}",
  "${env}",
];

const PARQUET = {
  InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
  SerdeInfo: {
    SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    Parameters: { "field.delim": ",", "serialization.format": "," },
  },
};

const COLUMNS = [
  { Name: "id", Type: "bigint", Comment: "number of the order" },
  { Name: "customer", Type: "string" },
  { Name: "total", Type: "decimal(12,2)" },
  { Name: "placed", Type: "date" },
  { Name: "tags", Type: "array<string>" },
  { Name: "order", Type: "struct<lines:array<struct<part:bigint,quantity:int>>>" },
];

/** A bucket, a workgroup, and the database `sales` with one table of each kind. `partitions`: of the table `events`. */
export async function seedCatalog(session: AwsSession, partitions = 1200): Promise<void> {
  const { CreateBucketCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const { CreateWorkGroupCommand } = await import("@aws-sdk/client-athena");
  const glueSdk = await import("@aws-sdk/client-glue");
  const [s3, athena, glue] = await Promise.all([session.s3(), session.athena(), session.glue()]);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await athena.send(
    new CreateWorkGroupCommand({
      Name: WORKGROUP,
      Configuration: { ResultConfiguration: { OutputLocation: `s3://${BUCKET}/results/` } },
    }),
  );
  await glue.send(
    new glueSdk.CreateDatabaseCommand({ DatabaseInput: { Name: "sales", Description: "What was sold" } }),
  );
  const table = (name: string, location: string | undefined, rest: object = {}) =>
    glue.send(
      new glueSdk.CreateTableCommand({
        DatabaseName: "sales",
        TableInput: {
          Name: name,
          TableType: "EXTERNAL_TABLE",
          StorageDescriptor: {
            Columns: COLUMNS,
            ...PARQUET,
            ...(location === undefined ? {} : { Location: location }),
          },
          ...rest,
        },
      }),
    );
  for (let file = 0; file < 3; file++) {
    const rows = Array.from(
      { length: 5 },
      (_, row) => `${file * 5 + row},customer ${row},${row}.50,1997-01-0${row + 1}`,
    );
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `orders/${file}.csv`, Body: `${rows.join("\n")}\n` }));
  }
  await table("orders", `s3://${BUCKET}/orders/`, { Parameters: { classification: "csv", recordCount: "15" } });
  await table("lost_bucket", "s3://no-such-bucket-here/orders/");
  await table("lost_folder", `s3://${BUCKET}/nothing-here/`);
  await table("no_location", undefined);
  await table("odd_location", "hdfs://namenode/orders");
  await glue.send(
    new glueSdk.CreateTableCommand({
      DatabaseName: "sales",
      TableInput: {
        Name: "recent",
        TableType: "VIRTUAL_VIEW",
        ViewOriginalText: "SELECT id, total FROM sales.orders WHERE placed > DATE '1997-01-02'",
        StorageDescriptor: { Columns: [{ Name: "id", Type: "bigint" }] },
      },
    }),
  );
  await table("events", `s3://${BUCKET}/events/`, {
    PartitionKeys: [
      { Name: "year", Type: "int" },
      { Name: "day", Type: "string" },
    ],
  });
  for (let at = 0; at < partitions; at += 100) {
    await glue.send(
      new glueSdk.BatchCreatePartitionCommand({
        DatabaseName: "sales",
        TableName: "events",
        PartitionInputList: Array.from({ length: Math.min(100, partitions - at) }, (_, one) => ({
          Values: [String(2000 + ((at + one) % 20)), String(at + one).padStart(5, "0")],
          StorageDescriptor: { ...PARQUET, Location: `s3://${BUCKET}/events/${at + one}/` },
        })),
      }),
    );
  }
}

/** A database whose tables and columns are called what nobody should call them. Returns the names that the catalog took. */
export async function seedHostile(session: AwsSession): Promise<string[]> {
  const { CreateDatabaseCommand, CreateTableCommand } = await import("@aws-sdk/client-glue");
  const glue = await session.glue();
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "hostile", Description: HOSTILE[0] } }));
  const taken: string[] = [];
  for (const name of HOSTILE) {
    await glue.send(
      new CreateTableCommand({
        DatabaseName: "hostile",
        TableInput: {
          Name: name,
          Description: name,
          StorageDescriptor: {
            Columns: HOSTILE.map((column) => ({ Name: column, Type: "string", Comment: column })),
            ...PARQUET,
            Location: `s3://${BUCKET}/hostile/`,
          },
        },
      }),
    );
    taken.push(name.toLowerCase());
  }
  return taken;
}

/** A database of many small tables, by the Glue API, some at a time. */
export async function seedMany(session: AwsSession, database: string, tables: number): Promise<void> {
  const { CreateDatabaseCommand, CreateTableCommand } = await import("@aws-sdk/client-glue");
  const glue = await session.glue();
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  let next = 0;
  const work = async () => {
    for (let at = next++; at < tables; at = next++) {
      const Name = `table_${String(at).padStart(5, "0")}`;
      await glue.send(
        new CreateTableCommand({
          DatabaseName: database,
          TableInput: {
            Name,
            StorageDescriptor: { Columns: COLUMNS.slice(0, 2), Location: `s3://${BUCKET}/${Name}/` },
          },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}
