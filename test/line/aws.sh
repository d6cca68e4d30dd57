# What a person does with the AWS CLI on a lake after `lake env`: resources, a job run watched, objects both ways, a query to its rows.
aws cloudformation list-stack-resources --stack-name "$STACK" --query 'StackResourceSummaries[].[LogicalResourceId,ResourceStatus]' --output text | grep -q 'CREATE_COMPLETE'
output() { aws cloudformation describe-stacks --stack-name "$STACK" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text; }
bucket=$(output DataBucketName)
job=$(output CustomersJobName)
workgroup=$(output WorkGroupName)
database=$(output GlueDatabaseName)

run=$(aws glue start-job-run --job-name "$job" --query JobRunId --output text)
for _ in $(seq 300); do
  state=$(aws glue get-job-run --job-name "$job" --run-id "$run" --query JobRun.JobRunState --output text)
  case "$state" in SUCCEEDED) break ;; FAILED|STOPPED|TIMEOUT|ERROR) echo "run $state"; exit 1 ;; esac
  sleep 1
done
test "$state" = SUCCEEDED

mkdir -p "$WORK/up/deep" "$WORK/down"
head -c 9000000 /dev/urandom > "$WORK/up/large.bin"
echo "ünïcode + spaces" > "$WORK/up/deep/a b+c.txt"
aws s3 cp "$WORK/up/large.bin" "s3://$bucket/cli/large.bin" --no-progress
aws s3 cp "s3://$bucket/cli/large.bin" "$WORK/large.back" --no-progress
cmp "$WORK/up/large.bin" "$WORK/large.back"
aws s3 sync "$WORK/up" "s3://$bucket/cli/sync" --no-progress
aws s3 sync "s3://$bucket/cli/sync" "$WORK/down" --no-progress
diff -r "$WORK/up" "$WORK/down"
test -z "$(aws s3 sync "$WORK/up" "s3://$bucket/cli/sync" --no-progress)"
aws s3 rm "s3://$bucket/cli" --recursive --quiet

query=$(aws athena start-query-execution --work-group "$workgroup" --query-execution-context "Database=$database" \
  --query-string "SELECT count(*) AS orders, sum(amount) AS amount FROM orders" --query QueryExecutionId --output text)
for _ in $(seq 300); do
  state=$(aws athena get-query-execution --query-execution-id "$query" --query QueryExecution.Status.State --output text)
  case "$state" in SUCCEEDED) break ;; FAILED|CANCELLED) echo "query $state"; exit 1 ;; esac
  sleep 0.3
done
rows=$(aws athena get-query-results --query-execution-id "$query" --query 'ResultSet.Rows[1].Data[].VarCharValue' --output text)
test "$(echo $rows)" = "69659 2500315.63"
echo "the AWS CLI has done all of it"
