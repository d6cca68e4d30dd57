// RDS, Secrets Manager, IAM and STS as the AWS CLI and boto3 use them, and the database from a Python program.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { type Clients, clientsOf } from "../clients.ts";
import { startTestLake, type TestLake } from "../harness.ts";

describe("RDS through other clients", () => {
  let lake: TestLake;
  let clients: Clients;

  before(async () => {
    lake = await startTestLake();
    clients = clientsOf(lake);
  });
  after(() => lake.stop());

  // Version 1 of the CLI puts AWS's own address in the place of AWS_ENDPOINT_URL for RDS in us-east-1; only the option wins.
  const rds = (...args: string[]) => clients.aws("rds", "--endpoint-url", lake.endpoint, ...args);

  it("the AWS CLI makes an instance, and boto3 waits for it", async () => {
    const id = ["--db-instance-identifier", "cli"];
    const made = JSON.parse(
      await rds(
        ...(
          "create-db-instance --db-instance-identifier cli --engine postgres --db-instance-class db.t3.micro --allocated-storage 20 " +
          "--master-username boss --manage-master-user-password --db-name lake --vpc-security-group-ids sg-1 sg-2 " +
          "--tags Key=team,Value=t Key=for,Value=cli"
        ).split(" "),
      ),
    ) as { DBInstance: { DBInstanceStatus: string; VpcSecurityGroups: object[]; TagList: object[] } };
    equal(made.DBInstance.DBInstanceStatus, "creating");
    deepEqual([made.DBInstance.VpcSecurityGroups.length, made.DBInstance.TagList.length], [2, 2]);
    // The CLI's own `wait` asks every 30 s.
    await clients.python(`
import boto3, json
boto3.client("rds").get_waiter("db_instance_available").wait(DBInstanceIdentifier="cli", WaiterConfig={"Delay": 1})
print(json.dumps(True))
`);
    const endpoint = await rds("describe-db-instances", ...id, "--query", "DBInstances[0].Endpoint.Address");
    equal(endpoint, '"127.0.0.1"');
    await rejects(rds("describe-db-instances", "--db-instance-identifier", "none"), /DBInstanceNotFound/);
  });

  it("a Python program logs in with the secret, and again after boto3 has rotated it", async () => {
    const answer = await clients.python(`
import boto3, json, ssl, pg8000.native
rds, secrets = boto3.client("rds"), boto3.client("secretsmanager")
db = rds.describe_db_instances(DBInstanceIdentifier="cli")["DBInstances"][0]
arn = db["MasterUserSecret"]["SecretArn"]
tls = ssl.create_default_context(); tls.check_hostname = False; tls.verify_mode = ssl.CERT_NONE
def connect(secret, **more):
    return pg8000.native.Connection(secret["username"], host=db["Endpoint"]["Address"], port=db["Endpoint"]["Port"],
                                    password=secret["password"], database="lake", **more)
def current(): return json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
old = current()
session = connect(old, ssl_context=tls)
session.run("CREATE TABLE t (n integer)")
secrets.rotate_secret(SecretId=arn)
session.run("INSERT INTO t VALUES (1)")
refused = []
for secret, more in ((old, {"ssl_context": tls}), (current(), {"ssl_context": False})):
    try: connect(secret, **more); refused.append("let in")
    except Exception as error: refused.append(str(error))
rows = connect(current(), ssl_context=tls).run("SELECT n FROM t")
print(json.dumps([old["password"] != current()["password"], refused, rows]))
`);
    const [changed, [wrong, plain], rows] = answer as [boolean, string[], number[][]];
    deepEqual([changed, rows], [true, [[1]]]);
    match(wrong ?? "", /password authentication failed/);
    match(plain ?? "", /no encryption/);
  });

  it("the AWS CLI keeps a role, assumes it, and sees who it is", async () => {
    const { aws } = clients;
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await aws("iam", "create-role", "--role-name", "etl", "--assume-role-policy-document", trust);
    const document = await aws("iam", "get-role", "--role-name", "etl", "--query", "Role.AssumeRolePolicyDocument");
    deepEqual(JSON.parse(document), JSON.parse(trust));
    const arn = "arn:aws:iam::000000000000:role/etl";
    const who = await aws(
      ...`sts assume-role --role-arn ${arn} --role-session-name one --query AssumedRoleUser.Arn`.split(" "),
    );
    equal(who, '"arn:aws:sts::000000000000:assumed-role/etl/one"');
    equal(JSON.parse(await aws("sts", "get-caller-identity")).Account, "000000000000");
  });

  it("the AWS CLI deletes the instance and waits for its end", async () => {
    const id = ["--db-instance-identifier", "cli"];
    await rejects(rds("delete-db-instance", ...id), /FinalDBSnapshotIdentifier is required/);
    await rds("delete-db-instance", ...id, "--skip-final-snapshot");
    await rds("wait", "db-instance-deleted", ...id);
    equal(await clients.aws("secretsmanager", "list-secrets", "--query", "length(SecretList)"), "0");
  });
});
