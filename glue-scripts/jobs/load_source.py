# Fills the database from gzipped CSV files on S3: the database is private on AWS, so that a job has to do it. Safe to run again.
# Arguments: --connection_name, --source (a prefix that holds customers/*.csv.gz and orders/*.csv.gz, with headers).
#
# SQL reaches the database by sessionInitStatement of Spark's JDBC data source, which runs one statement in the session that reads
# (https://spark.apache.org/docs/3.5.6/sql-data-sources-jdbc.html); a DO block is one statement, and one transaction.
import json
import sys

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from pyspark.sql import SparkSession

SCHEMAS = {
    "customers": "customer_id int, customer_segment string, first_order_date date",
    "orders": "order_id bigint, customer_id int, order_date date, quantity int, amount decimal(12,2)",
}

# change_seq is drawn from one sequence by every insert and every real update. The lock makes writers queue, so that numbers become
# visible in their order: without it a slow transaction could commit a number below one that a job has already read past.
PREPARE = """
do $prepare$
begin
  perform pg_advisory_xact_lock(4211, 0);
  create sequence if not exists public.change_seq;
  create table if not exists public.customers (
    customer_id integer primary key,
    customer_segment text not null,
    first_order_date date not null,
    change_seq bigint not null unique
  );
  create table if not exists public.orders (
    order_id bigint primary key,
    customer_id integer not null,
    order_date date not null,
    quantity integer not null,
    amount numeric(12,2) not null,
    change_seq bigint not null unique
  );
  create or replace function public.queue_for_change_seq() returns trigger language plpgsql as $body$
  begin
    perform pg_advisory_xact_lock(4211, 1);
    return null;
  end $body$;
  create or replace function public.set_change_seq() returns trigger language plpgsql as $body$
  begin
    new.change_seq := nextval('public.change_seq');
    return new;
  end $body$;
  create or replace trigger queue_for_change_seq before insert or update on public.customers
    for each statement execute function public.queue_for_change_seq();
  create or replace trigger queue_for_change_seq before insert or update on public.orders
    for each statement execute function public.queue_for_change_seq();
  create or replace trigger inserted before insert on public.customers
    for each row execute function public.set_change_seq();
  create or replace trigger inserted before insert on public.orders
    for each row execute function public.set_change_seq();
  create or replace trigger updated before update on public.customers
    for each row when (old.* is distinct from new.*) execute function public.set_change_seq();
  create or replace trigger updated before update on public.orders
    for each row when (old.* is distinct from new.*) execute function public.set_change_seq();
  drop table if exists public.load_customers, public.load_orders;
  create unlogged table public.load_customers (
    customer_id integer, customer_segment text, first_order_date date
  );
  create unlogged table public.load_orders (
    order_id bigint, customer_id integer, order_date date, quantity integer, amount numeric(12,2)
  );
end $prepare$
"""

# Two different rows with one key make the statement fail, by name, and with it the whole load.
UPSERT = """
do $upsert$
begin
  insert into public.customers (customer_id, customer_segment, first_order_date)
    select distinct customer_id, customer_segment, first_order_date from public.load_customers
    on conflict (customer_id) do update
      set customer_segment = excluded.customer_segment, first_order_date = excluded.first_order_date
      where (customers.customer_segment, customers.first_order_date)
        is distinct from (excluded.customer_segment, excluded.first_order_date);
  insert into public.orders (order_id, customer_id, order_date, quantity, amount)
    select distinct order_id, customer_id, order_date, quantity, amount from public.load_orders
    on conflict (order_id) do update
      set customer_id = excluded.customer_id, order_date = excluded.order_date,
        quantity = excluded.quantity, amount = excluded.amount
      where (orders.customer_id, orders.order_date, orders.quantity, orders.amount)
        is distinct from (excluded.customer_id, excluded.order_date, excluded.quantity, excluded.amount);
  drop table public.load_customers, public.load_orders;
end $upsert$
"""


def main() -> None:
    args = getResolvedOptions(sys.argv, ["JOB_NAME", "connection_name", "source"])
    glue_context = GlueContext(SparkContext.getOrCreate())
    spark = glue_context.spark_session
    job = Job(glue_context)
    job.init(args["JOB_NAME"], args)
    login = database_login(args["connection_name"])
    run(spark, login, PREPARE)
    for table, schema in SCHEMAS.items():
        folder = f"{args['source'].rstrip('/')}/{table}/"
        # The header is checked against the schema, and a line that does not fit fails the load.
        reader = spark.read.schema(schema).option("header", "true").option("enforceSchema", "false")
        rows = reader.option("mode", "FAILFAST").csv(folder)
        writer = rows.write.format("jdbc").options(**login).option("dbtable", f"public.load_{table}")
        writer.option("batchsize", "10000").option("reWriteBatchedInserts", "true").mode("append").save()
    run(spark, login, UPSERT)
    for table in SCHEMAS:
        counted = (
            spark.read.format("jdbc").options(**login).option("query", f"select count(*) as n from public.{table}")
        )
        print(f"{table}: {counted.load().first()['n']} rows in the database")
    job.commit()


def run(spark: SparkSession, login: dict[str, str], statement: str) -> None:
    """Runs one statement, once: the query behind it reads one row, in one session."""
    reader = spark.read.format("jdbc").options(**login).option("query", "select 1 as done")
    reader.option("sessionInitStatement", statement).load().collect()


def database_login(connection_name: str) -> dict[str, str]:
    """Options for Spark's JDBC data source, from the Glue connection and its secret."""
    properties = boto3.client("glue").get_connection(Name=connection_name)["Connection"]["ConnectionProperties"]
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=properties["SECRET_ID"])
    credentials = json.loads(secret["SecretString"])
    return {
        "url": properties["JDBC_CONNECTION_URL"],
        "driver": "org.postgresql.Driver",
        "user": credentials["username"],
        "password": credentials["password"],
    }


main()
