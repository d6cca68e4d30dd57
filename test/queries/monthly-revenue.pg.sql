-- The same question put to the source database, which has no partitions: the months are taken from the dates.
SELECT
  to_char(first_of_month, 'YYYY') AS year,
  to_char(first_of_month, 'MM') AS month,
  count(*)::bigint AS orders,
  sum(quantity)::bigint AS quantity,
  sum(amount)::numeric(38, 2) AS revenue,
  round(avg(amount), 2)::numeric(12, 2) AS average_order
FROM (SELECT date_trunc('month', order_date::timestamp) AS first_of_month, quantity, amount FROM orders) AS dated
GROUP BY first_of_month
ORDER BY first_of_month
