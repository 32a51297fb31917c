-- work_orders: add work_orders_defect_fkey for new rows
--
-- Revision ID: c3c1eed52b11
-- Revises: bf2157b7d7a5
-- Create Date: 2026-11-22 05:11:13.053145
-- Change: work_orders_defect_fkey
-- Phase: expand

-- +upgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
LOCK TABLE public.work_orders IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.work_orders ADD CONSTRAINT work_orders_defect_fkey FOREIGN KEY (defect) REFERENCES public.defects ON DELETE SET NULL NOT VALID;
-- +downgrade
SET LOCAL lock_timeout = '10s';
LOCK TABLE public.defects IN SHARE UPDATE EXCLUSIVE MODE;
LOCK TABLE public.work_orders IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = '40ms';
ALTER TABLE public.work_orders DROP CONSTRAINT work_orders_defect_fkey;
