-- Orders and revenue of each month, over the partitions of the whole table.
SELECT
  year,
  month,
  count(*) AS orders,
  sum(quantity) AS quantity,
  sum(amount) AS revenue,
  CAST(sum(amount) / count(*) AS decimal(12, 2)) AS average_order
FROM orders
GROUP BY year, month
ORDER BY year, month
