#!/usr/bin/env bash
# The whole line on a real AWS account, for a person who has one: test/aws/walk.sh PROFILE REGION [STACK]. It costs money while the stack stands
# (the plan says how much), and tears it down at the end, also where a step failed. Never run by us: what it shows is news, please tell us.
set -euo pipefail
profile=${1:?profile} region=${2:?region} stack=${3:-boathouse-walk}
cd "$(dirname "$0")/../.."
npm run --silent build
boathouse() { node dist/cli.js --profile "$profile" --region "$region" --stack "$stack" "$@"; }

aws sts get-caller-identity --profile "$profile" --output text
read -r -p "Deploy stack $stack in $region of this account? [y/N] " answer
[ "$answer" = y ] || exit 1

finish() {
  status=$?
  echo "Tearing down (exit code so far: $status)"
  boathouse destroy --yes
  exit "$status"
}
trap finish EXIT

# The cheap kind: one zone for the database.
boathouse deploy --yes --parameter DatabaseMultiAz=false
boathouse load
boathouse jobs run-all
boathouse crawl
for query in customer-lifetime-value-by-segment monthly-revenue first-week-of-1997; do
  boathouse named run "$query"
done
boathouse query --sql "SELECT count(*) AS orders, sum(amount) AS amount FROM orders"
# A second run finds nothing new: the bookmarks hold.
boathouse jobs run-all
boathouse query --sql "SELECT count(*) AS orders, sum(amount) AS amount FROM orders"
echo "Expected: 69659 orders, 2500315.63, both times."
