CREATE TABLE `unit_of_measure` (
	`id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`uom_name` text NOT NULL,
	`displayed_as` text,
	`decimal_places` integer NOT NULL,
	`rounding_mode` text NOT NULL,
	`active` integer NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unit_of_measure_name` ON `unit_of_measure` (`uom_name`);--> statement-breakpoint
CREATE INDEX `product_rate_plan_charge_unit` ON `product_rate_plan_charge` (`unit_of_measure`);--> statement-breakpoint
CREATE TRIGGER unit_of_measure_before_update BEFORE UPDATE ON unit_of_measure WHEN OLD.rowid <= (SELECT last_row_id FROM snapshot_table WHERE table_name = 'unit_of_measure' ORDER BY snapshot_id DESC LIMIT 1) BEGIN INSERT INTO row_before (table_name, row_id, snapshot_id, row) SELECT 'unit_of_measure', OLD.rowid, s.snapshot_id, json_array(json_object('id', OLD.id, 'revision', OLD.revision, 'uom_name', OLD.uom_name, 'displayed_as', OLD.displayed_as, 'decimal_places', OLD.decimal_places, 'rounding_mode', OLD.rounding_mode, 'active', OLD.active, 'created_at', OLD.created_at, 'created_by', OLD.created_by, 'updated_at', OLD.updated_at, 'updated_by', OLD.updated_by)) FROM (SELECT snapshot_id FROM snapshot_table WHERE table_name = 'unit_of_measure' ORDER BY snapshot_id DESC LIMIT 1) AS s WHERE NOT EXISTS (SELECT 1 FROM row_before AS b WHERE b.table_name = 'unit_of_measure' AND b.row_id = OLD.rowid AND b.snapshot_id >= s.snapshot_id); END;--> statement-breakpoint
CREATE TRIGGER unit_of_measure_before_delete BEFORE DELETE ON unit_of_measure WHEN OLD.rowid <= (SELECT last_row_id FROM snapshot_table WHERE table_name = 'unit_of_measure' ORDER BY snapshot_id DESC LIMIT 1) BEGIN INSERT INTO row_before (table_name, row_id, snapshot_id, row) SELECT 'unit_of_measure', OLD.rowid, s.snapshot_id, json_array(json_object('id', OLD.id, 'revision', OLD.revision, 'uom_name', OLD.uom_name, 'displayed_as', OLD.displayed_as, 'decimal_places', OLD.decimal_places, 'rounding_mode', OLD.rounding_mode, 'active', OLD.active, 'created_at', OLD.created_at, 'created_by', OLD.created_by, 'updated_at', OLD.updated_at, 'updated_by', OLD.updated_by)) FROM (SELECT snapshot_id FROM snapshot_table WHERE table_name = 'unit_of_measure' ORDER BY snapshot_id DESC LIMIT 1) AS s WHERE NOT EXISTS (SELECT 1 FROM row_before AS b WHERE b.table_name = 'unit_of_measure' AND b.row_id = OLD.rowid AND b.snapshot_id >= s.snapshot_id); END;--> statement-breakpoint
CREATE TRIGGER unit_of_measure_deleted BEFORE DELETE ON unit_of_measure BEGIN INSERT INTO deleted_record (table_name, record_id, deleted_at, row) VALUES ('unit_of_measure', OLD.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), json_array(json_object('id', OLD.id, 'revision', OLD.revision, 'uom_name', OLD.uom_name, 'displayed_as', OLD.displayed_as, 'decimal_places', OLD.decimal_places, 'rounding_mode', OLD.rounding_mode, 'active', OLD.active, 'created_at', OLD.created_at, 'created_by', OLD.created_by, 'updated_at', OLD.updated_at, 'updated_by', OLD.updated_by))); END;
