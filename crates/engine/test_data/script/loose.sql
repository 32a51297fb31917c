/* The licence. */

--revision id:loose_1
-- REVISES:   a b,c
-- Depends on: None

  --+upgrade  
SELECT 1;
	-- +downgrade
SELECT 2
