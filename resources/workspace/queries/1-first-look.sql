-- A first look at the lake. Each statement ends with a semicolon and runs by itself: press Run above it, or Ctrl+Enter within it.

-- How much is there? One row, whatever the size of the table.
SELECT
  count(*) AS orders,
  count(DISTINCT customer_id) AS customers,
  sum(quantity) AS discs,
  sum(amount) AS revenue,
  min(order_date) AS first_day,
  max(order_date) AS last_day
FROM orders;

-- Rows as they are.
SELECT * FROM orders LIMIT 100;

-- The biggest orders, with what is known of who made them.
SELECT
  o.order_id,
  o.order_date,
  o.quantity,
  o.amount,
  c.customer_segment,
  c.first_order_date
FROM orders o
JOIN customers c ON c.customer_id = o.customer_id
ORDER BY o.amount DESC, o.order_id
LIMIT 20;

-- How large are orders? Every tenth of them, from the smallest to the largest.
SELECT
  tenth * 10 AS percentile,
  CAST(approx_percentile(amount, tenth / 10.0) AS decimal(12, 2)) AS amount
FROM orders
CROSS JOIN UNNEST(sequence(1, 10)) AS t (tenth)
GROUP BY tenth
ORDER BY tenth;

-- Which tables does the catalog hold?
SHOW TABLES;
