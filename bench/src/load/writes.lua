-- For wrk, with as many threads as connections: each thread creates a session of the 2025 version, and then writes to it
-- again and again, each time under the sequence token of the write before.
local path, id, token
local headers = { ["Content-Type"] = "application/json" }
local payload = string.rep("x", 600)

function init()
  path = wrk.path
end

function request()
  if id == nil then return wrk.format("POST", path, headers, '{"data":""}') end
  local body = string.format('{"sequence_token":"%s","data":"%s"}', token, payload)
  return wrk.format("PUT", path .. "/" .. id, headers, body)
end

function response(_, _, body)
  id = id or string.match(body, '"id":"([^"]+)"')
  token = string.match(body, '"sequence_token":"([^"]+)"')
end
