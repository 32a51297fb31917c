REVOKE SELECT ON users FROM reporting;
