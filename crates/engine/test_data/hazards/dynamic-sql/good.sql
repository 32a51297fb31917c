DO $$ BEGIN EXECUTE format('DROP TABLE %I', current_user); END $$;
