//! The rules, a file each, in order of code.

mod adding_column_with_check;
mod adding_exclusion_constraint;
mod adding_field_with_default;
mod adding_foreign_key_constraint;
mod adding_identity_column;
mod adding_not_nullable_field;
mod adding_required_field;
mod adding_serial_column;
mod adding_serial_primary_key_field;
mod adding_stored_generated_column;
mod attach_partition_scan;
mod autovacuum_off;
mod ban_add_enum_value;
mod ban_alter_database_options;
mod ban_alter_domain_with_add_constraint;
mod ban_alter_extension;
mod ban_alter_generated_expression;
mod ban_alter_identity;
mod ban_alter_policy_condition;
mod ban_alter_policy_roles;
mod ban_alter_role_options;
mod ban_alter_row_level_security;
mod ban_alter_sequence_values;
mod ban_alter_system_options;
mod ban_char_field;
mod ban_concurrent_index_creation_in_transaction;
mod ban_create_domain_with_constraint;
mod ban_create_policy;
mod ban_disable_trigger;
mod ban_drop_column;
mod ban_drop_constraint;
mod ban_drop_database;
mod ban_drop_default;
mod ban_drop_domain;
mod ban_drop_extension;
mod ban_drop_function;
mod ban_drop_generated_expression;
mod ban_drop_index;
mod ban_drop_not_null;
mod ban_drop_policy;
mod ban_drop_schema;
mod ban_drop_sequence;
mod ban_drop_table;
mod ban_drop_trigger;
mod ban_drop_type;
mod ban_drop_view;
mod ban_duplicate_column_assignments;
mod ban_replica_identity;
mod ban_revoke;
mod ban_set_default;
mod ban_set_schema;
mod ban_truncate_cascade;
mod ban_uncommitted_transaction;
mod blocking_refresh;
mod changing_collation;
mod changing_column_type;
mod changing_what_a_view_reads;
mod column_padding;
mod concurrent_index_corruption;
mod concurrent_index_if_not_exists;
mod constraint_missing_not_valid;
mod create_after_drop;
mod data_change_comment;
mod disallowed_unique_constraint;
mod drop_cascade;
mod dropping_index_of_constraint;
mod duplicate_index;
mod dynamic_sql;
mod enum_value_removed;
mod enum_value_used_in_transaction;
mod explicit_lock;
mod extension_version;
mod foreign_key_on_delete_cascade;
mod foreign_key_without_index;
mod gin_on_jsonb;
mod hot_table_in_many_revisions;
mod identifier_too_long;
mod index_on_hot_table;
mod index_on_partitioned_table;
mod large_table;
mod long_index_build;
mod many_alters_of_one_table;
mod meaningless_message;
mod missing_analyze;
mod naming_convention;
mod narrowing_type;
mod needs_superuser;
mod not_enforced_constraint;
mod not_valid_validated_in_transaction;
mod one_change_per_revision;
mod opaque_statement;
mod partition_key_not_in_primary_key;
mod prefer_bigint_over_int;
mod prefer_bigint_over_smallint;
mod prefer_identity;
mod prefer_jsonb;
mod prefer_lookup_table;
mod prefer_not_null_not_valid;
mod prefer_robust_stmts;
mod prefer_text_field;
mod prefer_timestamp_tz;
mod primary_key_dropped;
mod primary_key_on_nullable_columns;
mod privileges_changed;
mod renaming_column;
mod renaming_enum_value;
mod renaming_object;
mod renaming_table;
mod require_concurrent_index_creation;
mod require_concurrent_index_deletion;
mod require_concurrent_partition_detach;
mod require_concurrent_reindex;
mod require_enum_value_ordering;
mod require_lock_timeout;
mod require_statement_timeout;
mod require_table_schema;
mod rewrite_needs_room;
mod schema_change_with_backfill;
mod security_definer_search_path;
mod sequence_behind_rows;
mod setting_access_method;
mod setting_logged;
mod setting_tablespace;
mod soft_delete_column;
mod table_without_primary_key;
mod transaction_nesting;
mod trigger_on_existing_table;
mod truncating;
mod type_change_with_checks;
mod unbatched_write;
mod unique_index_may_fail;
mod unnamed_constraint;
mod untracked_dependencies;
pub(in crate::hazard) mod unused_ignore;
mod uuid_primary_key;
mod vacuum_full;
mod vector_index_build;
mod volatile_check;
mod wide_index;
mod work_after_strong_lock;

use super::look::{End, Hits, Look, name, name_of, range, word};
use super::{Asked, Find, Rule, fix, heard};
use squawk_linter::Rule as Squawk;

/// Every rule, in order of code.
pub const RULES: &[&Rule] = &[
    &adding_column_with_check::RULE,
    &adding_exclusion_constraint::RULE,
    &adding_field_with_default::RULE,
    &adding_foreign_key_constraint::RULE,
    &adding_identity_column::RULE,
    &adding_not_nullable_field::RULE,
    &adding_required_field::RULE,
    &adding_serial_column::RULE,
    &adding_serial_primary_key_field::RULE,
    &adding_stored_generated_column::RULE,
    &attach_partition_scan::RULE,
    &autovacuum_off::RULE,
    &ban_add_enum_value::RULE,
    &ban_alter_database_options::RULE,
    &ban_alter_domain_with_add_constraint::RULE,
    &ban_alter_extension::RULE,
    &ban_alter_generated_expression::RULE,
    &ban_alter_identity::RULE,
    &ban_alter_policy_condition::RULE,
    &ban_alter_policy_roles::RULE,
    &ban_alter_role_options::RULE,
    &ban_alter_row_level_security::RULE,
    &ban_alter_sequence_values::RULE,
    &ban_alter_system_options::RULE,
    &ban_char_field::RULE,
    &ban_concurrent_index_creation_in_transaction::RULE,
    &ban_create_domain_with_constraint::RULE,
    &ban_create_policy::RULE,
    &ban_disable_trigger::RULE,
    &ban_drop_column::RULE,
    &ban_drop_constraint::RULE,
    &ban_drop_database::RULE,
    &ban_drop_default::RULE,
    &ban_drop_domain::RULE,
    &ban_drop_extension::RULE,
    &ban_drop_function::RULE,
    &ban_drop_generated_expression::RULE,
    &ban_drop_index::RULE,
    &ban_drop_not_null::RULE,
    &ban_drop_policy::RULE,
    &ban_drop_schema::RULE,
    &ban_drop_sequence::RULE,
    &ban_drop_table::RULE,
    &ban_drop_trigger::RULE,
    &ban_drop_type::RULE,
    &ban_drop_view::RULE,
    &ban_duplicate_column_assignments::RULE,
    &ban_replica_identity::RULE,
    &ban_revoke::RULE,
    &ban_set_default::RULE,
    &ban_set_schema::RULE,
    &ban_truncate_cascade::RULE,
    &ban_uncommitted_transaction::RULE,
    &blocking_refresh::RULE,
    &changing_collation::RULE,
    &changing_column_type::RULE,
    &changing_what_a_view_reads::RULE,
    &column_padding::RULE,
    &concurrent_index_corruption::RULE,
    &concurrent_index_if_not_exists::RULE,
    &constraint_missing_not_valid::RULE,
    &create_after_drop::RULE,
    &data_change_comment::RULE,
    &disallowed_unique_constraint::RULE,
    &drop_cascade::RULE,
    &dropping_index_of_constraint::RULE,
    &duplicate_index::RULE,
    &dynamic_sql::RULE,
    &enum_value_removed::RULE,
    &enum_value_used_in_transaction::RULE,
    &explicit_lock::RULE,
    &extension_version::RULE,
    &foreign_key_on_delete_cascade::RULE,
    &foreign_key_without_index::RULE,
    &gin_on_jsonb::RULE,
    &hot_table_in_many_revisions::RULE,
    &identifier_too_long::RULE,
    &index_on_hot_table::RULE,
    &index_on_partitioned_table::RULE,
    &large_table::RULE,
    &long_index_build::RULE,
    &many_alters_of_one_table::RULE,
    &meaningless_message::RULE,
    &missing_analyze::RULE,
    &naming_convention::RULE,
    &narrowing_type::RULE,
    &needs_superuser::RULE,
    &not_enforced_constraint::RULE,
    &not_valid_validated_in_transaction::RULE,
    &one_change_per_revision::RULE,
    &opaque_statement::RULE,
    &partition_key_not_in_primary_key::RULE,
    &prefer_bigint_over_int::RULE,
    &prefer_bigint_over_smallint::RULE,
    &prefer_identity::RULE,
    &prefer_jsonb::RULE,
    &prefer_lookup_table::RULE,
    &prefer_not_null_not_valid::RULE,
    &prefer_robust_stmts::RULE,
    &prefer_text_field::RULE,
    &prefer_timestamp_tz::RULE,
    &primary_key_dropped::RULE,
    &primary_key_on_nullable_columns::RULE,
    &privileges_changed::RULE,
    &renaming_column::RULE,
    &renaming_enum_value::RULE,
    &renaming_object::RULE,
    &renaming_table::RULE,
    &require_concurrent_index_creation::RULE,
    &require_concurrent_index_deletion::RULE,
    &require_concurrent_partition_detach::RULE,
    &require_concurrent_reindex::RULE,
    &require_enum_value_ordering::RULE,
    &require_lock_timeout::RULE,
    &require_statement_timeout::RULE,
    &require_table_schema::RULE,
    &rewrite_needs_room::RULE,
    &schema_change_with_backfill::RULE,
    &security_definer_search_path::RULE,
    &sequence_behind_rows::RULE,
    &setting_access_method::RULE,
    &setting_logged::RULE,
    &setting_tablespace::RULE,
    &soft_delete_column::RULE,
    &table_without_primary_key::RULE,
    &transaction_nesting::RULE,
    &trigger_on_existing_table::RULE,
    &truncating::RULE,
    &type_change_with_checks::RULE,
    &unbatched_write::RULE,
    &unique_index_may_fail::RULE,
    &unnamed_constraint::RULE,
    &untracked_dependencies::RULE,
    &unused_ignore::RULE,
    &uuid_primary_key::RULE,
    &vacuum_full::RULE,
    &vector_index_build::RULE,
    &volatile_check::RULE,
    &wide_index::RULE,
    &work_after_strong_lock::RULE,
];
